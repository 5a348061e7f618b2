package dev.postern.cli;

import dev.postern.host.HostTools;
import dev.postern.host.Journal;
import dev.postern.host.Restoration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What clients that were killed have left on this host, put back.
///
/// @param undone how many changes were
/// @param failures what could not be, in words
/// @param running of others that still run, whose changes stay
record KilledClients(int undone, List<String> failures, List<String> running) {
    KilledClients {
        failures = List.copyOf(failures);
        running = List.copyOf(running);
    }

    /// @param state the directory of their journals
    static KilledClients putBack(Path state) {
        int undone = 0;
        List<String> failures = new ArrayList<>();
        List<String> running = new ArrayList<>();
        try {
            for (Path journal : Restoration.journals(state)) {
                boolean runs = false;
                try {
                    runs = Journal.read(journal).filter(Journal::isInUse).isPresent();
                    undone += Restoration.restore(journal, HostTools.OF_THE_SYSTEM).size();
                } catch (IOException e) {
                    (runs ? running : failures).add(String.valueOf(e.getMessage()));
                }
            }
        } catch (IOException e) {
            failures.add(state + " cannot be read: " + e.getMessage());
        }
        return new KilledClients(undone, failures, running);
    }

    /// A sentence.
    String told() {
        return switch (undone) {
            case 0 -> "There was nothing to put back.";
            case 1 -> "1 change was undone.";
            default -> undone + " changes were undone.";
        };
    }
}
