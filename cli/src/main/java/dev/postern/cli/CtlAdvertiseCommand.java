package dev.postern.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// Tells the clients of a running gateway at which further addresses it is.
@Command(
        name = "advertise",
        description = {
            "Tells the clients of a running gateway at which further addresses it can be reached,"
                    + " in place of those before; a client with MOBIKE goes on at one of them when"
                    + " the address in use fails. Until the gateway ends, when its file says again"
                    + " which they are.",
            "",
            "  postern ctl advertise --admin SOCKET 192.0.2.7 2001:db8::7",
            "  postern ctl advertise --admin SOCKET none"
        })
final class CtlAdvertiseCommand implements Callable<Integer> {
    @Mixin private AdminSocket admin = new AdminSocket();

    @Parameters(
            arity = "1..*",
            paramLabel = "ADDRESS|none",
            description = "Addresses that the gateway listens on, and no other node has.")
    private List<String> addresses = List.of();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        List<String> words = new ArrayList<>(List.of("advertise"));
        words.addAll(addresses);
        return admin.print(spec, words);
    }
}
