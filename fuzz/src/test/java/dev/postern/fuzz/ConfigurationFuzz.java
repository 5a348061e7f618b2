package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.crypto.SecretBytes;
import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.Durations;
import dev.postern.gateway.configuration.EapUsers;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.TicketServiceConfiguration;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/// What an operator writes: whatever it is, it ends in a configuration or in a list of problems
/// that can be printed.
final class ConfigurationFuzz {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    /// A directory that is not there: nothing that a fuzzer names beside it can be read.
    private static final Path FILE = Path.of("/nonexistent/gateway.toml");

    @FuzzTest
    void aGateway(byte[] octets) {
        try {
            GatewayConfiguration.parse(FILE, text(octets), NOW);
        } catch (ConfigurationException e) {
            assertPrintable(e);
        }
    }

    @FuzzTest
    void aClient(byte[] octets) {
        try {
            ClientConfiguration.parse(FILE, text(octets));
        } catch (ConfigurationException e) {
            assertPrintable(e);
        }
    }

    @FuzzTest
    void aTicketService(byte[] octets) {
        try {
            TicketServiceConfiguration.parse(FILE, text(octets), NOW);
        } catch (ConfigurationException e) {
            assertPrintable(e);
        }
    }

    @FuzzTest
    void eapUsers(byte[] octets) {
        try {
            Map<String, SecretBytes> users = EapUsers.parse(FILE, text(octets));
            assertThat(users).isNotEmpty();
            users.values().forEach(SecretBytes::close);
        } catch (ConfigurationException e) {
            assertPrintable(e);
        }
    }

    @FuzzTest
    void aDuration(byte[] octets) {
        try {
            assertThat(Durations.text(Durations.parse(text(octets)))).isNotEmpty();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("is ");
        }
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }

    /// An escape sequence of the file must not reach the terminal of who reads the message.
    private static void assertPrintable(ConfigurationException e) {
        assertThat(e.getMessage()).isNotEmpty().doesNotContain("\u001b", "\u0000");
    }
}
