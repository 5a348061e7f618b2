package dev.postern.gateway.daemon;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What the user of a host can ask its running client, and tell it.
final class DeskCommands implements AdminServer.Commands {
    private static final long WATCH_MILLIS = 10_000;

    private final ClientStory story;
    private final EventRing ring;
    private final Clock clock;
    private final Consumer<Boolean> down;
    private final AdminServer.Commands others;

    /// @param down ends the client, and its ticket where that is asked for
    /// @param others what is not known here
    DeskCommands(
            ClientStory story,
            EventRing ring,
            Clock clock,
            Consumer<Boolean> down,
            AdminServer.Commands others) {
        this.story = story;
        this.ring = ring;
        this.clock = clock;
        this.down = down;
        this.others = others;
    }

    @Override
    public List<String> run(List<String> words) throws AdminException {
        boolean json = words.contains("json");
        return switch (words.getFirst()) {
            case "status" -> json ? List.of(json(story.now())) : text(story.now());
            case "events" -> events(words, json);
            case "last" -> List.of(String.valueOf(ring.last()));
            case "down" -> {
                down.accept(words.contains("logout"));
                yield List.of("the client ends");
            }
            default -> others.run(words);
        };
    }

    private List<String> events(List<String> words, boolean json) throws AdminException {
        try {
            List<String> lines = new ArrayList<>();
            for (EventRing.Entry entry : ring.after(Long.parseLong(words.get(1)), WATCH_MILLIS)) {
                lines.add(entry.number() + " " + (json ? entry.json() : entry.text()));
            }
            return lines;
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new AdminException("wanted is: events NUMBER [json]");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminException("the client ends");
        }
    }

    private List<String> text(ClientStory.Status status) {
        List<String> lines = new ArrayList<>();
        long seconds = Duration.between(status.since(), clock.instant()).toSeconds();
        lines.add(status.state() + " for " + Math.max(0, seconds) + " s");
        if (!status.gateway().isEmpty()) {
            lines.add("gateway " + status.gateway() + ", by " + status.by());
            lines.add("inner addresses " + EventLog.addresses(status.innerAddresses()));
            lines.add("switches " + status.switches());
        }
        status.results().forEach((gateway, result) -> lines.add("  " + gateway + ": " + result));
        return lines;
    }

    private static String json(ClientStory.Status status) {
        StringBuilder json =
                new StringBuilder("{\"state\":")
                        .append(EventLog.quote(status.state().toString()))
                        .append(",\"since\":")
                        .append(EventLog.quote(status.since().toString()))
                        .append(",\"gateway\":")
                        .append(EventLog.quote(status.gateway()))
                        .append(",\"by\":")
                        .append(EventLog.quote(status.by()))
                        .append(",\"innerAddresses\":[")
                        .append(
                                String.join(
                                        ",",
                                        status.innerAddresses().stream()
                                                .map(each -> EventLog.quote(each.getHostAddress()))
                                                .toList()))
                        .append("],\"switches\":")
                        .append(status.switches())
                        .append(",\"gatewaySwitchCount\":")
                        .append(status.gatewaySwitchCount())
                        .append(",\"results\":{");
        String between = "";
        for (var result : status.results().entrySet()) {
            json.append(between)
                    .append(EventLog.quote(result.getKey()))
                    .append(':')
                    .append(EventLog.quote(result.getValue()));
            between = ",";
        }
        return json.append("}}").toString();
    }
}
