package dev.postern.cli;

import dev.postern.gateway.daemon.AdminClient;
import dev.postern.gateway.daemon.AdminException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// The way to a running client.
final class ControlSocket {
    @Option(
            names = "--admin",
            paramLabel = "SOCKET",
            description =
                    "The client's socket; without it what admin.socket of --config names, and else"
                            + " /run/postern/client.sock of root, and"
                            + " postern/client.sock in XDG_RUNTIME_DIR of others.")
    private @Nullable Path given;

    /// Where the client of a configuration is asked, unless another socket is given.
    void standsAt(@Nullable Path socket) {
        if (given == null) {
            given = socket;
        }
    }

    Path file() {
        Path named = given;
        if (named != null) {
            return named.toAbsolutePath();
        }
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        Path directory =
                isRoot || runtime == null || runtime.isEmpty()
                        ? Path.of("/run/postern")
                        : Path.of(runtime, "postern");
        return directory.resolve("client.sock");
    }

    /// Makes the directory that the socket stands in.
    Path prepared() throws IOException {
        Path file = file();
        Path directory = file.getParent();
        if (directory != null && Files.notExists(directory)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        return file;
    }

    List<String> ask(String... words) throws IOException, AdminException {
        return AdminClient.run(file(), List.of(words));
    }

    /// Whether a client answers there.
    boolean isServed() {
        try {
            ask("status");
            return true;
        } catch (IOException | AdminException nobody) {
            return false;
        }
    }

    /// Prints what the client answers.
    int print(CommandSpec spec, String... words) {
        PrintWriter out = spec.commandLine().getOut();
        try {
            ask(words).forEach(out::println);
            out.flush();
            return ExitCode.DONE;
        } catch (AdminException e) {
            return fail(spec, e.getMessage());
        } catch (IOException e) {
            return fail(spec, nobody());
        }
    }

    String nobody() {
        return "no client answers at "
                + file()
                + "; `postern client up` starts one, and --admin names another socket";
    }

    static int fail(CommandSpec spec, @Nullable String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("postern: " + what);
        err.flush();
        return ExitCode.FAILED;
    }
}
