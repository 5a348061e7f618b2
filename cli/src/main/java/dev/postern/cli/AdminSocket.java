package dev.postern.cli;

import dev.postern.gateway.daemon.AdminClient;
import dev.postern.gateway.daemon.AdminException;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/// The way to a running daemon whose file names a socket for its operator.
final class AdminSocket {
    @Option(
            names = "--admin",
            required = true,
            paramLabel = "SOCKET",
            description = "The socket that [admin] of its file names.")
    private Path socket = Path.of("");

    List<String> ask(List<String> words) throws IOException, AdminException {
        return AdminClient.run(socket, words);
    }

    /// Prints what the daemon answers.
    int print(CommandSpec spec, List<String> words) {
        PrintWriter out = spec.commandLine().getOut();
        try {
            ask(words).forEach(out::println);
            out.flush();
            return ExitCode.DONE;
        } catch (AdminException refused) {
            return refused(spec, refused);
        } catch (IOException e) {
            return unanswered(spec, e);
        }
    }

    /// Prints what the daemon answers, as one JSON object where that is wanted.
    int print(CommandSpec spec, String word, boolean json) {
        return print(spec, json ? List.of(word, "json") : List.of(word));
    }

    static int refused(CommandSpec spec, AdminException refused) {
        ControlSocket.fail(spec, refused.getMessage());
        return ExitCode.WRONG_USAGE;
    }

    int unanswered(CommandSpec spec, IOException why) {
        boolean somebodyIsThere =
                why instanceof AdminClient.HungUpException
                        || why instanceof DrainStatus.StrangeAnswerException;
        return ControlSocket.fail(
                spec,
                somebodyIsThere
                        ? why.getMessage()
                        : ControlSocket.told(socket, ControlSocket.Server.DAEMON));
    }
}
