package dev.postern.grid;

import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;

import org.jgroups.Address;
import org.jgroups.EmptyMessage;
import org.jgroups.View;
import org.jgroups.protocols.Bundler;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The threads that send to the other members, virtual ones: two that never rest are all that a
/// machine with two processors has for everybody else.
class SendersTest {
    private static final int MESSAGES = 500;

    /// The engine's one thread for all destinations counts what waits, and does not take out of the
    /// count what waits for a member when it leaves (JGRP-3008).
    @Test
    void restWhenAMemberHasLeftForWhichMessagesWaited(@TempDir Path directory) throws Exception {
        try (Pair pair = new Pair()) {
            ProtocolStack stack = Channels.stack(pair.a);
            Bundler bundler = stack.getTransport().getBundler();
            View both = stack.getChannel().getView();
            Address gone = UUID.randomUUID();
            for (int n = 0; n < MESSAGES; n++) {
                bundler.send(new EmptyMessage(gone));
                bundler.viewChange(both);
            }
            await().atMost(Pair.PATIENCE).until(() -> allRest(senders(directory)));
        }
    }

    /// The stacks of all threads that send, each with its name; empty where a thread runs.
    private static List<String> senders(Path directory) throws IOException {
        Path dump = directory.resolve("threads");
        Files.deleteIfExists(dump);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
        return Arrays.stream(Files.readString(dump).split("\n\n"))
                .filter(stack -> stack.contains("\"pd-bundler"))
                .toList();
    }

    private static boolean allRest(List<String> senders) {
        return !senders.isEmpty() && senders.stream().allMatch(stack -> stack.contains(".park"));
    }
}
