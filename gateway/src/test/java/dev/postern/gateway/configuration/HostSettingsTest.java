package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.host.ResolverKind;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/// What a client's file says of the host that it runs on.
class HostSettingsTest {
    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    private HostSettings host(String more) throws ConfigurationException {
        return workspace.client(Workspace.CLIENT + more).host();
    }

    @Test
    void namesGoThroughTheTunnelByWhateverTheHostHas() throws Exception {
        HostSettings settings = host("");
        assertThat(settings.usesResolver()).isTrue();
        assertThat(settings.resolver()).isNull();
        assertThat(settings.state()).isEqualTo(Path.of("/run/postern"));
        assertThat(settings.barrier()).isFalse();
    }

    @Test
    void aBarrierIsForATunnelThatTheKernelRoutesInto() throws Exception {
        assertThat(host("[host]\nbarrier = true\n").barrier()).isTrue();
        for (String without :
                List.of(
                        "[inside]\nmode = \"tun\"\nroutes = false\n",
                        "[inside]\nmode = \"probe\"\nprobe-target = \"10.1.0.1\"\n")) {
            assertThat(
                            workspace.problemsOfClient(
                                    Workspace.CLIENT + without + "[host]\nbarrier = true\n"))
                    .singleElement()
                    .asString()
                    .contains("host.barrier", "nothing to guard", "inside.routes = true");
        }
    }

    @Test
    void theFileNamesServersAndTheDomainsThatTheyAreFor() throws Exception {
        HostSettings settings =
                host(
                        """
                        [resolver]
                        mode = "systemd-resolved"
                        servers = ["10.1.0.53", "fd00:1::53"]
                        domains = ["Corp.Example"]
                        [host]
                        state = "/var/lib/postern"
                        """);
        assertThat(settings.resolver()).isEqualTo(ResolverKind.SYSTEMD_RESOLVED);
        assertThat(settings.servers())
                .containsExactly(
                        InetAddress.ofLiteral("10.1.0.53"), InetAddress.ofLiteral("fd00:1::53"));
        assertThat(settings.domains()).containsExactly("corp.example");
        assertThat(settings.state()).isEqualTo(Path.of("/var/lib/postern"));
    }

    @Test
    void aHookSetsTheResolverUpUnlessTheFileSaysWhoDoes() throws Exception {
        workspace.write("hook", "#!/bin/sh\n", "rwx------");
        String hook = "[inside]\nmode = \"tun\"\nhook = \"hook\"\n";
        assertThat(host(hook).usesResolver()).isFalse();
        assertThat(host(hook + "[resolver]\nmode = \"file\"\n").usesResolver()).isTrue();
        assertThat(host("[resolver]\nmode = \"off\"\n").usesResolver()).isFalse();
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThat(
                        workspace.problemsOfClient(
                                Workspace.CLIENT
                                        + "[resolver]\nmode = \"bind\"\nservers = [\"dns\"]\n"))
                .containsExactly(
                        "client.toml:9: resolver.mode = \"bind\": is unknown; legal is one of"
                            + " \"auto\", \"systemd-resolved\", \"resolvconf\", \"file\", \"off\"",
                        "client.toml:10: resolver.servers[0] = \"dns\": is not an address; legal is"
                                + " an IPv4 or IPv6 address");
        assertThat(
                        workspace.problemsOfClient(
                                Workspace.CLIENT + "[resolver]\ndomains = [\"corp.example\"]\n"))
                .singleElement()
                .asString()
                .contains("resolver.domains", "needs servers");
        assertThat(
                        workspace.problemsOfClient(
                                Workspace.CLIENT
                                        + """
                                        [inside]
                                        mode = "probe"
                                        probe-target = "10.1.0.1"
                                        [resolver]
                                        servers = ["10.1.0.53"]
                                        """))
                .singleElement()
                .asString()
                .contains("resolver.servers", "without a TUN device");
    }
}
