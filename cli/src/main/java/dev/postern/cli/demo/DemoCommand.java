package dev.postern.cli.demo;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "demo",
        description =
                "Kills a gateway and shows how its client carries on at another one. Loopback only,"
                        + " no root.")
public final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--json",
            description = "Prints the figures as JSON at the end, and the show on standard error.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        PrintStream show = json ? System.err : System.out;
        Screen screen = new Screen(show, !json && onTerminal());
        screen.say(
                "Postern: an IPsec session that survives its gateway. This takes about 20"
                        + " seconds.");
        try (Stage stage = new Stage(screen::watch)) {
            return play(stage, screen);
        } catch (IOException e) {
            System.err.println("postern: the demo cannot be staged: " + e.getMessage());
            return 1;
        }
    }

    private static boolean onTerminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    private int play(Stage stage, Screen screen) throws IOException, InterruptedException {
        try {
            Act act = new Act(stage, screen);
            Figures resumed = act.play("Act 1: the client holds a ticket", true);
            Figures full = act.play("Act 2: the same without tickets, for comparison", false);
            screen.table(resumed, full);
            if (json) {
                System.out.println(
                        "{\"resume\":"
                                + object(resumed)
                                + ",\"fullExchange\":"
                                + object(full)
                                + "}");
            }
            if (!resumed.isResumed() || full.isResumed()) {
                System.err.println(
                        "postern: the demo failed: act 1 was carried on by "
                                + resumed.by()
                                + ", act 2 by "
                                + full.by());
                return 1;
            }
            return 0;
        } catch (DemoFailure e) {
            System.err.println("postern: the demo failed: " + e.getMessage());
            stage.lastWords().forEach(System.err::println);
            return 1;
        }
    }

    private static String object(Figures figures) {
        return "{\"suspectedMillis\":"
                + figures.suspected()
                + ",\"givenUpMillis\":"
                + figures.givenUp()
                + ",\"switchedMillis\":"
                + figures.switched()
                + ",\"answeredMillis\":"
                + figures.answered()
                + ",\"packetsLost\":"
                + figures.lost()
                + ",\"ikeMessages\":"
                + figures.messages()
                + ",\"ikeOctets\":"
                + figures.octets()
                + ",\"keyAgreements\":"
                + figures.keyAgreements()
                + ",\"sameInnerAddress\":"
                + figures.sameAddress()
                + "}";
    }
}
