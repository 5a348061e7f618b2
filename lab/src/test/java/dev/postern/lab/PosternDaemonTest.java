package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The way in which the lab starts Postern.
@Tag("privileged")
final class PosternDaemonTest {

    @Test
    void theCommandRunsOnAHostWithTheClassPathOfTheTests() {
        try (Lab lab = Lab.open("PosternCommand")) {
            NetworkNamespace host = lab.host("host");

            String help =
                    Command.of(host.wrap(PosternDaemon.commandLine("--help"))).runSuccessfully();

            assertThat(help).contains("postern");
        }
    }
}
