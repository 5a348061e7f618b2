package dev.postern.lab;

import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A return path that a program of the operator's makes, here by writing down what it is told.
@Tag("privileged")
final class ReturnPathHookTest {
    @AutoClose private final Lab lab = Lab.open("Hook");
    private final FailoverTopology net = FailoverTopology.create(lab);
    private final SecureDomain domain = new SecureDomain(lab, net);

    @Test
    void theHookIsToldOfAClientWhenItComesAndWhenItGoes() {
        Path told = lab.file("told");
        Path hook = lab.write("hook", "#!/bin/sh\necho \"$1 $2\" >> %s\n".formatted(told));
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        domain.gatewayA("[return-path]\nmode = \"hook\"\nhook = \"%s\"\n".formatted(hook));
        PosternDaemon client = domain.client("");
        String inner = SecureDomain.field(client.awaitLine(SWITCHED, SOON), "innerAddresses");
        assertThat(lines(told)).containsOnly("add " + inner);

        client.process().terminate();

        Await.until(
                "the hook is told that the client has gone",
                SOON,
                () -> lines(told).getLast().equals("del " + inner));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
