package dev.postern.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Names are asked for through the tunnel by whoever keeps a host's settings. The programs are
/// scripts that write down what they are told.
final class HostResolverTest {
    private static final HostResolver.Settings ALL_NAMES =
            new HostResolver.Settings(List.of(InetAddress.ofLiteral("10.1.0.53")), List.of());
    private static final HostResolver.Settings SOME_NAMES =
            new HostResolver.Settings(
                    List.of(InetAddress.ofLiteral("10.1.0.53")), List.of("corp.example", "lab"));

    /// As openresolv answers; Debian's resolvconf ends with an error.
    private static final String OPENRESOLV =
            "[ \"$1\" = --version ] && echo 'openresolv 3.12.0' && exit\n";

    private static final String DEBIANS = "[ \"$1\" = --version ] && exit 99\n";

    @TempDir private Path directory = Path.of("");

    private HostResolver resolver(ResolverKind kind) {
        return new HostResolver(
                kind,
                new HostTools(List.of(directory)),
                directory.resolve("resolv.conf"),
                "lo",
                Journal.begin(directory.resolve("a.state")));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("resolv.conf"), text);
    }

    /// @param first what it does before it writes down its arguments and what it reads
    private Path program(String name, String first) throws IOException {
        Path record = directory.resolve("record");
        Path program = directory.resolve(name);
        Files.writeString(
                program,
                "#!/bin/sh\n" + first + "echo \"$@\" >> " + record + "\ncat >> " + record + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return record;
    }

    @Test
    void theFilesSearchListAndOptionsStayAndTheServersAreReplaced() throws Exception {
        Path file = file("nameserver 192.0.2.53\nsearch home.example\noptions rotate\n");
        HostResolver resolver = resolver(ResolverKind.FILE);
        resolver.use(ALL_NAMES);
        assertThat(Files.readAllLines(file))
                .contains("nameserver 10.1.0.53", "search home.example", "options rotate")
                .doesNotContain("nameserver 192.0.2.53");
        resolver.use(
                new HostResolver.Settings(
                        List.of(InetAddress.ofLiteral("2001:db8::53")), List.of()));
        assertThat(Files.readAllLines(file))
                .contains("search home.example")
                .noneMatch(line -> line.contains("10.1.0.53"));
        resolver.restore();
        assertThat(file).hasContent("nameserver 192.0.2.53\nsearch home.example\noptions rotate\n");
    }

    @Test
    void aLinkToTheFileStaysALink() throws Exception {
        Path target = Files.writeString(directory.resolve("real.conf"), "nameserver 192.0.2.53\n");
        Path link = Files.createSymbolicLink(directory.resolve("resolv.conf"), target);
        HostResolver resolver = resolver(ResolverKind.FILE);
        resolver.use(ALL_NAMES);
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(target).content().contains("10.1.0.53");
        resolver.restore();
        assertThat(target).hasContent("nameserver 192.0.2.53");
    }

    @Test
    void whatALinkLeadsToStaysTheSameFile() throws Exception {
        Path target = Files.writeString(directory.resolve("real.conf"), "nameserver 192.0.2.53\n");
        Path other = Files.createLink(directory.resolve("other.conf"), target);
        Files.createSymbolicLink(directory.resolve("resolv.conf"), target);
        HostResolver resolver = resolver(ResolverKind.FILE);
        resolver.use(ALL_NAMES);
        assertThat(other).content().contains("10.1.0.53");
        resolver.restore();
        assertThat(other).content().isEqualTo("nameserver 192.0.2.53\n");
    }

    @Test
    void aLinkThatLeadsNowhereIsLeftAlone() throws Exception {
        Path link =
                Files.createSymbolicLink(
                        directory.resolve("resolv.conf"), directory.resolve("gone.conf"));
        HostResolver resolver = resolver(ResolverKind.FILE);
        assertThatThrownBy(() -> resolver.use(ALL_NAMES))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("gone.conf, which does not exist, and is left alone");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(Files.exists(link)).isFalse();
        resolver.restore();
        assertThat(Files.isSymbolicLink(link)).isTrue();
    }

    @Test
    void aFileThatSomebodyElseHasWrittenSinceIsTheirs() throws Exception {
        Path file = file("nameserver 192.0.2.53\n");
        HostResolver resolver = resolver(ResolverKind.FILE);
        resolver.use(ALL_NAMES);
        Files.writeString(file, "nameserver 203.0.113.53\n");
        resolver.restore();
        assertThat(file).hasContent("nameserver 203.0.113.53");
    }

    @Test
    void twoClientsDoNotReplaceEachOthersFile() throws Exception {
        file("nameserver 192.0.2.53\n");
        resolver(ResolverKind.FILE).use(ALL_NAMES);
        assertThatThrownBy(() -> resolver(ResolverKind.FILE).use(ALL_NAMES))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another Postern client");
    }

    @Test
    void namesOfSomeDomainsAloneAreNotSentWhereTheHostCannotTellThemApart() throws Exception {
        Path file = file("nameserver 192.0.2.53\n");
        assertThatThrownBy(() -> resolver(ResolverKind.FILE).use(SOME_NAMES))
                .hasMessageContaining("corp.example, lab")
                .hasMessageContaining("10.1.0.53");
        assertThat(file).hasContent("nameserver 192.0.2.53");
        Path record = program("resolvconf", DEBIANS);
        assertThatThrownBy(() -> resolver(ResolverKind.RESOLVCONF).use(SOME_NAMES))
                .hasMessageContaining("openresolv");
        assertThat(record).doesNotExist();
    }

    @Test
    void debiansResolvconfIsGivenARecordThatGoesBeforeOtherLinks() throws Exception {
        Path record = program("resolvconf", DEBIANS);
        HostResolver resolver = resolver(ResolverKind.RESOLVCONF);
        resolver.use(ALL_NAMES);
        resolver.restore();
        assertThat(record).hasContent("-a tun.lo\nnameserver 10.1.0.53\n-d tun.lo\n");
    }

    @Test
    void openresolvIsToldWhetherTheServersAreForAllNamesOrForTheirDomains() throws Exception {
        Path record = program("resolvconf", OPENRESOLV);
        HostResolver resolver = resolver(ResolverKind.RESOLVCONF);
        resolver.use(ALL_NAMES);
        resolver.use(SOME_NAMES);
        resolver.restore();
        assertThat(record)
                .hasContent(
                        """
                        -x -a tun.lo
                        nameserver 10.1.0.53
                        -p -a tun.lo
                        nameserver 10.1.0.53
                        search corp.example lab
                        -d tun.lo
                        """);
    }

    @Test
    void systemdResolvedIsToldWhichNamesALinksServersAreFor() throws Exception {
        Path record = program("resolvectl", "");
        HostResolver resolver = resolver(ResolverKind.SYSTEMD_RESOLVED);
        resolver.use(SOME_NAMES);
        resolver.use(ALL_NAMES);
        resolver.restore();
        assertThat(record)
                .hasContent(
                        """
                        dns lo 10.1.0.53
                        domain lo ~corp.example ~lab
                        default-route lo no
                        dns lo 10.1.0.53
                        domain lo ~.
                        default-route lo yes
                        revert lo
                        """);
    }

    @Test
    void aProgramThatFailsIsQuotedAndItsSettingsAreUndoneAtTheEnd() throws Exception {
        program("resolvectl", "echo 'Failed to set DNS: no such link' >&2; exit 1\n");
        HostResolver resolver = resolver(ResolverKind.SYSTEMD_RESOLVED);
        assertThatThrownBy(() -> resolver.use(ALL_NAMES))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such link");
        assertThat(Journal.read(directory.resolve("a.state")).orElseThrow().changes()).hasSize(1);
    }
}
