package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What a lab leaves behind: nothing.
@Tag("privileged")
final class LabCleanupTest {

    @Test
    void closingTheLabEndsItsProcessesAndRemovesItsNamespaces() {
        Lab lab = Lab.open("Cleanup");
        NetworkNamespace host = lab.host("host");
        LabProcess process = host.start("sleeper", "/bin/sleep", "1000");
        assertThat(Leftovers.namespaces()).contains(host.name());

        lab.close();

        assertThat(process.isAlive()).isFalse();
        assertThat(Leftovers.namespaces()).doesNotContain(host.name());
    }

    @Test
    void aProcessThatCannotBeEndedByATermSignalIsKilled() {
        try (Lab lab = Lab.open("Stubborn")) {
            LabProcess process =
                    lab.host("host")
                            .start(
                                    "stubborn",
                                    "/bin/sh",
                                    "-c",
                                    "trap '' TERM; echo ready; read never < /dev/zero");
            process.awaitLine("ready", Duration.ofSeconds(10));

            process.close();

            assertThat(process.isAlive()).isFalse();
        }
    }

    @Test
    void whatAKilledJvmLeftBehindIsFoundByItsNameAndRemoved() {
        // The start time 1 is that of no process that runs now under our own process id.
        String name = new RunId(ProcessHandle.current().pid(), 1).namespaceName(1, "orphan");
        LabProcess orphan;
        try (Lab lab = Lab.open("Orphan")) {
            Command.of("ip", "netns", "add", name).runSuccessfully();
            orphan =
                    LabProcess.start(
                            "orphan",
                            List.of("ip", "netns", "exec", name, "/bin/sleep", "1000"),
                            Map.of(),
                            lab.file("orphan.log"));
            Await.until(
                    "the orphan runs in its namespace",
                    Duration.ofSeconds(10),
                    () ->
                            Command.of("ip", "netns", "pids", name)
                                    .runSuccessfully()
                                    .contains(Long.toString(orphan.pid())));
            assertThat(Leftovers.find()).contains(name);
        }

        Leftovers.remove();

        assertThat(orphan.awaitExit(Duration.ofSeconds(10))).isEqualTo(128 + 9);
        assertThat(Leftovers.namespaces()).doesNotContain(name);
    }

    @Test
    void namespacesOfOthersAreNoLeftovers() {
        assertThat(RunId.ofNamespace("posternlab")).isEmpty();
        assertThat(RunId.ofNamespace("somebody-1-1-1-x")).isEmpty();
        try (Lab lab = Lab.open("Living")) {
            assertThat(Leftovers.find()).doesNotContain(lab.host("host").name());
        }
    }

    @Test
    void aWaitThatIsNotFulfilledSaysWhatTheProcessPrinted() {
        try (Lab lab = Lab.open("Late")) {
            LabProcess process = lab.host("host").start("echo", "/bin/echo", "something else");

            assertThatThrownBy(() -> process.awaitLine("ready", Duration.ofSeconds(10)))
                    .isInstanceOf(LabException.class)
                    .hasMessageContaining("host.echo ended without")
                    .hasMessageContaining("something else");
        }
    }

    @Test
    void aStoppedProcessGoesOnWhenContinuedAndDiesWhenCrashed() {
        try (Lab lab = Lab.open("Signals")) {
            LabProcess process = lab.host("host").start("sleeper", "/bin/sleep", "1000");

            process.signal(LabProcess.Signal.STOP);
            assertThat(process.isAlive()).isTrue();
            process.signal(LabProcess.Signal.CONT);
            process.crash();

            assertThat(process.awaitExit(Duration.ofSeconds(1))).isEqualTo(128 + 9);
        }
    }
}
