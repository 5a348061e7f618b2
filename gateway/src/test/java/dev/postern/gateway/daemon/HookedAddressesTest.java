package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.Prefix;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// A program that is told of the shared addresses, and may hang.
class HookedAddressesTest {
    private static final List<Prefix> SHARED = List.of(Prefix.parse("192.0.2.10/24"));

    @TempDir private Path directory;

    private static final class Kernel implements SharedAddresses {
        final List<String> told = new ArrayList<>();

        @Override
        public void raise(int epoch) {
            told.add("raise " + epoch);
        }

        @Override
        public void renew() {
            told.add("renew");
        }

        @Override
        public void announce() {
            told.add("announce");
        }

        @Override
        public void lower() {
            told.add("lower");
        }

        @Override
        public void close() {
            told.add("close");
        }
    }

    /// Writes down what it is told, once there is a file `go` where it has to wait for that.
    private Path hook(boolean hangs) throws IOException {
        Path hook = directory.resolve("hook");
        String wait = hangs ? "while [ ! -e " + directory + "/go ]; do sleep 0.02; done\n" : "";
        Files.writeString(hook, "#!/bin/sh\n" + wait + "echo \"$@\" >> " + directory + "/told\n");
        return Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));
    }

    private List<String> told() throws IOException {
        return Files.readAllLines(directory.resolve("told"));
    }

    @Test
    void whileTheProgramHangsTheKernelsAddressesAreTended() throws Exception {
        Kernel kernel = new Kernel();
        try (HookedAddresses addresses = new HookedAddresses(kernel, hook(true), SHARED)) {
            addresses.raise(3);
            addresses.renew();
            assertThat(directory.resolve("told")).doesNotExist();
            addresses.lower();
            assertThat(kernel.told).containsExactly("raise 3", "renew", "lower");
            Files.createFile(directory.resolve("go"));
        }
        assertThat(told()).containsExactly("take 3 192.0.2.10/24", "give 192.0.2.10/24");
        assertThat(kernel.told).endsWith("close");
    }

    @Test
    void aProgramThatMovesTheAddressesItselfIsWaitedFor() throws Exception {
        try (HookedAddresses addresses = new HookedAddresses(null, hook(false), SHARED)) {
            addresses.raise(4);
            assertThat(told()).containsExactly("take 4 192.0.2.10/24");
            addresses.lower();
            assertThat(told()).endsWith("give 192.0.2.10/24");
        }
    }

    @Test
    void aProgramThatFailsOrIsNotThereStopsNobody() throws Exception {
        Kernel kernel = new Kernel();
        try (HookedAddresses addresses =
                new HookedAddresses(kernel, directory.resolve("none"), SHARED)) {
            addresses.raise(5);
            addresses.lower();
        }
        assertThat(kernel.told).containsExactly("raise 5", "lower", "close");
    }
}
