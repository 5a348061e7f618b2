package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.ike.ResumptionPolicy.TicketStorage;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// `[session-store]` and `resumption.storage`.
class KeptSessionsTest {
    private static final String BY_REFERENCE =
            "[profile.staff.resumption]\nstorage = \"by-reference\"\n";

    @TempDir private Path directory;
    private Workspace workspace;

    @BeforeEach
    void writeTheFilesThatAreNamed() {
        workspace = Workspace.in(directory);
    }

    @Test
    void withoutAWordClientsKeepTheirTickets() throws Exception {
        GatewayConfiguration gateway = workspace.gateway(Workspace.GATEWAY);
        assertThat(gateway.keepsSessions()).isFalse();
        assertThat(gateway.keptSessions()).isEqualTo(new KeptSessions(null, 200_000, false));
    }

    @Test
    void theFileIsFoundBesideTheConfiguration() throws Exception {
        GatewayConfiguration gateway =
                workspace.gateway(
                        Workspace.GATEWAY
                                + BY_REFERENCE
                                + "[session-store]\n"
                                + "file = \"sessions.db\"\nrecords = 5\nsync = true\n");
        assertThat(gateway.keepsSessions()).isTrue();
        assertThat(gateway.keptSessions())
                .isEqualTo(new KeptSessions(directory.resolve("sessions.db"), 5, true));
        assertThat(gateway.profiles().getFirst().resumption().storage())
                .isEqualTo(TicketStorage.BY_REFERENCE);
        assertThat(GatewaySummary.of(gateway))
                .anyMatch(line -> line.contains("sessions.db, forced to the disk, at most 5"))
                .anyMatch(line -> line.contains("with references good for 8h"));
    }

    @Test
    void aFileWhereNoneCanBeIsRefused() {
        assertThatThrownBy(() ->
                        workspace.gateway(
                                Workspace.GATEWAY + "[session-store]\nfile = \"nowhere/s.db\"\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("session-store.file")
                .hasMessageContaining("legal is a file in an existing directory");
    }

    @Test
    void whatIsInMemoryCannotBeForcedToTheDisk() {
        assertThatThrownBy(() ->
                        workspace.gateway(Workspace.GATEWAY + "[session-store]\nsync = true\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("session-store.sync = true: needs file");
    }

    @Test
    void theLeaseFileIsFoundBesideTheConfigurationToo() throws Exception {
        assertThat(workspace.gateway(Workspace.GATEWAY).leaseFile()).isNull();

        GatewayConfiguration gateway =
                workspace.gateway(Workspace.GATEWAY + "[leases]\nfile = \"leases\"\n");

        assertThat(gateway.leaseFile()).isEqualTo(directory.resolve("leases"));
        assertThat(GatewaySummary.of(gateway))
                .anyMatch(line -> line.contains("outlives a restart in " + gateway.leaseFile()));
    }

    @Test
    void aLeaseFileWhereNoneCanBeIsRefused() {
        assertThatThrownBy(() ->
                        workspace.gateway(
                                Workspace.GATEWAY + "[leases]\nfile = \"nowhere/leases\"\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("leases.file")
                .hasMessageContaining("legal is a file in an existing directory");
    }
}
