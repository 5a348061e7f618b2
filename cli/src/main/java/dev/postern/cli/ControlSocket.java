package dev.postern.cli;

import dev.postern.gateway.daemon.AdminClient;
import dev.postern.gateway.daemon.AdminException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;

/// The way to a running client.
final class ControlSocket {
    private static final String USER = System.getProperty("user.name");

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
        boolean isRoot = "root".equals(USER);
        Path directory =
                isRoot || runtime == null || runtime.isEmpty()
                        ? Path.of("/run/postern")
                        : Path.of(runtime, "postern");
        return directory.resolve("client.sock");
    }

    /// Makes the directory that the socket stands in.
    ///
    /// @throws IOException in words, where this user cannot have a socket there
    Path prepared() throws IOException {
        Path file = file();
        Path directory = Objects.requireNonNullElse(file.getParent(), file);
        try {
            if (Files.notExists(directory)) {
                Files.createDirectories(
                        directory,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
        } catch (FileSystemException e) {
            throw noPlace(file, e);
        }
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw noPlace(file, null);
        }
        return file;
    }

    private static IOException noPlace(Path file, @Nullable IOException cause) {
        return new IOException(
                "user "
                        + USER
                        + " cannot make the socket "
                        + file
                        + ": no directory is there, or none that this user may write to; --admin"
                        + " or admin.socket names another place",
                cause);
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
            return fail(spec, unanswered(e));
        }
    }

    /// Carries out what a running client is to do; an order that it refuses is the user's to mend.
    int carryOut(CommandSpec spec, Order order) throws InterruptedException {
        try {
            return order.carryOut();
        } catch (AdminException e) {
            fail(spec, e.getMessage());
            return ExitCode.WRONG_USAGE;
        } catch (IOException e) {
            return fail(spec, unanswered(e));
        }
    }

    /// What is said to a client, in several questions.
    @FunctionalInterface
    interface Order {
        int carryOut() throws AdminException, IOException, InterruptedException;
    }

    /// Why there is no answer, and what to do.
    String unanswered(IOException why) {
        return why instanceof AdminClient.HungUpException
                ? String.valueOf(why.getMessage())
                : nobody();
    }

    /// The same where it is known that nobody answers.
    String nobody() {
        return told(file(), Server.CLIENT);
    }

    /// Why nobody answers at a socket, and what to do.
    static String told(Path socket, Server server) {
        return Standing.of(socket).told(socket, USER, server);
    }

    /// Who should answer at a socket.
    enum Server {
        CLIENT("client", "`postern client up` starts one, and --admin names another socket"),
        DAEMON(
                "gateway or ticket service",
                "wanted is the socket that [admin] of the file of one that runs names");

        private final String name;
        private final String hint;

        Server(String name, String hint) {
            this.name = name;
            this.hint = hint;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /// What a socket is to this user where nobody answers at it.
    enum Standing {
        ABSENT,
        NO_SOCKET,
        LEFT_BEHIND,
        ANOTHERS,
        UNSEEN;

        static Standing of(Path socket) {
            if (Files.notExists(socket)) {
                return ABSENT;
            }
            if (!Files.exists(socket)) {
                return UNSEEN;
            }
            if (Files.isRegularFile(socket) || Files.isDirectory(socket)) {
                return NO_SOCKET;
            }
            return Files.isWritable(socket) ? LEFT_BEHIND : ANOTHERS;
        }

        String told(Path socket, String user, Server server) {
            String hint = "; " + server.hint;
            return switch (this) {
                case ABSENT -> "no " + server + " answers at " + socket + hint;
                case NO_SOCKET ->
                        "no "
                                + server
                                + " answers at "
                                + socket
                                + ", which is "
                                + (Files.isDirectory(socket) ? "a directory" : "a file")
                                + " and no socket"
                                + hint;
                case LEFT_BEHIND ->
                        "no "
                                + server
                                + " answers at "
                                + socket
                                + ", which one that was killed has left behind"
                                + hint;
                case ANOTHERS ->
                        "user "
                                + user
                                + " may not talk to the "
                                + server
                                + " at "
                                + socket
                                + ": its owner may, and root; --admin names another socket";
                case UNSEEN ->
                        "user "
                                + user
                                + " cannot see whether there is a socket "
                                + socket
                                + ": its directory is closed to this user; --admin names another"
                                + " socket";
            };
        }
    }

    static int fail(CommandSpec spec, @Nullable String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("postern: " + what);
        err.flush();
        return ExitCode.FAILED;
    }
}
