package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.Durations;
import dev.postern.gateway.configuration.GatewayAddress;
import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.ike.DrainOrder;
import dev.postern.ike.DrainProgress;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.RedirectPolicy;
import dev.postern.wire.GatewayList;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How an operator empties a running gateway, and whether it wants clients at all.
final class Drainage implements AdminServer.Commands {
    static final String USAGE =
            "wanted is: drain [rate=N] [deadline=DURATION] [to=GATEWAY]... | drain-status |"
                    + " undrain";

    private static final double USUAL_RATE = 50;
    private static final long ANSWER_PATIENCE_SECONDS = 5;

    /// As people write a pace; Java's own numbers may have letters behind them.
    private static final Pattern RATE = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,6})?)(?:/s)?");

    private final Supplier<AlternativeGateways> backups;
    private final Predicate<GatewayList.Entry> ours;
    private final IkeEndpoint endpoint;
    private final EndpointLoop loop;
    private final EventLog events;
    private volatile boolean draining;

    /// @param backups of the gateway's file, as they stand
    /// @param ours whether clients would find this very gateway there
    Drainage(
            RedirectPolicy policy,
            Supplier<AlternativeGateways> backups,
            Predicate<GatewayList.Entry> ours,
            IkeEndpoint endpoint,
            EndpointLoop loop,
            EventLog events) {
        this.backups = backups;
        this.ours = ours;
        this.endpoint = endpoint;
        this.loop = loop;
        this.events = events;
        endpoint.handle(loop.now(), new Input.Redirects(policy));
    }

    /// Whether a balancer should send clients here.
    boolean wantsClients() {
        return !draining;
    }

    @Override
    public List<String> run(List<String> words) throws AdminException {
        return switch (words.getFirst()) {
            case "drain" -> drain(words.subList(1, words.size()));
            case "drain-status" -> List.of(status());
            case "undrain" -> undrain();
            default -> throw new AdminException(USAGE);
        };
    }

    static boolean knows(String word) {
        return word.equals("drain") || word.equals("drain-status") || word.equals("undrain");
    }

    private List<String> drain(List<String> settings) throws AdminException {
        DrainOrder order = order(settings);
        perform(new Input.Drain(order));
        draining = true;
        List<Backup> named = order.targets().backups();
        List<Backup> targets = named.isEmpty() ? backups.get().backups() : named;
        events.line("draining", "perSecond", order.ratePerSecond(), "to", names(targets, " "));
        return List.of(status());
    }

    private List<String> undrain() throws AdminException {
        if (!draining) {
            throw new AdminException(
                    "nothing to undo: this gateway is not being emptied, it lets clients in");
        }
        perform(new Input.Undrain());
        draining = false;
        events.line("undrained");
        return List.of(status());
    }

    private DrainOrder order(List<String> settings) throws AdminException {
        double rate = USUAL_RATE;
        long deadline = 0;
        List<Backup> targets = new ArrayList<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            String name = equals < 0 ? setting : setting.substring(0, equals);
            String value = setting.substring(equals + 1);
            switch (name) {
                case "rate" -> rate = rate(value);
                case "deadline" -> deadline = deadline(value);
                case "to" -> targets.add(target(value));
                default -> throw new AdminException(USAGE);
            }
        }
        if (targets.isEmpty()) {
            demandSomebody();
        }
        return new DrainOrder(rate, deadline, new AlternativeGateways(targets));
    }

    /// @throws AdminException where none of the backups would get a client
    private void demandSomebody() throws AdminException {
        List<Backup> others = backups.get().backups();
        if (others.isEmpty()) {
            throw new AdminException(
                    "there is no gateway to send clients to; name one with --to, or put tables"
                        + " [[backup]] into the gateway's file; a member behind shared addresses is"
                        + " stopped instead, and the next one carries on");
        }
        if (others.stream().allMatch(backup -> backup.load() >= 1)) {
            throw new AdminException(
                    "no gateway takes clients at present: "
                            + names(others, ", ")
                            + (others.size() == 1 ? " is" : " are")
                            + " out of sight, full or being emptied, by what the cluster knows;"
                            + " name another one with --to, or wait for one of them. Clients of a"
                            + " gateway that is stopped resume at the first one that is back");
        }
    }

    private static String names(List<Backup> backups, String between) {
        return backups.stream()
                .map(backup -> GatewayList.text(backup.gateway()))
                .collect(Collectors.joining(between));
    }

    private static double rate(String value) throws AdminException {
        Matcher number = RATE.matcher(value);
        double rate = number.matches() ? Double.parseDouble(number.group(1)) : 0;
        if (rate < 0.01 || rate > 100_000) {
            throw new AdminException(
                    "rate "
                            + value
                            + " is no pace; legal is a number from 0.01 to 100000, of clients per"
                            + " second, such as 50, 0.5 or 50/s");
        }
        return rate;
    }

    private static long deadline(String value) throws AdminException {
        long nanos;
        try {
            nanos = Durations.parse(value).toNanos();
        } catch (IllegalArgumentException | ArithmeticException e) {
            nanos = 0;
        }
        if (nanos == 0) {
            throw new AdminException(
                    "deadline "
                            + value
                            + " is no duration to wait for; legal is one such as 90s, 10m or 2h,"
                            + " from 1ms on; without a deadline whoever cannot be redirected"
                            + " stays");
        }
        return nanos;
    }

    /// One of the backups, with its weight, or any other gateway; the operator knows how it stands.
    private Backup target(String value) throws AdminException {
        GatewayList.Entry gateway;
        try {
            gateway = GatewayAddress.parse(value);
        } catch (IllegalArgumentException e) {
            throw new AdminException(
                    "gateway " + value + " is unknown; legal is " + GatewayAddress.LEGAL);
        }
        if (ours.test(gateway)) {
            throw new AdminException(
                    "gateway "
                            + value
                            + " is this one, whose clients are to go; legal is another one, "
                            + GatewayAddress.LEGAL);
        }
        double weight =
                backups.get().backups().stream()
                        .filter(backup -> backup.gateway().equals(gateway))
                        .mapToDouble(Backup::weight)
                        .findFirst()
                        .orElse(1);
        return new Backup(gateway, weight, 0);
    }

    private String status() throws AdminException {
        CompletableFuture<DrainProgress> progress = new CompletableFuture<>();
        loop.offer(_ -> {
            progress.complete(endpoint.drainProgress());
            return List.of();
        });
        DrainProgress now = await(progress);
        return (now.draining() ? "draining" : "serving")
                + " left "
                + now.left()
                + " told "
                + now.told()
                + " unwilling "
                + now.unwilling();
    }

    /// Hands an input in and waits until the endpoint has taken it.
    private void perform(Input input) throws AdminException {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        loop.offer(now -> {
            var effects = endpoint.handle(now, input);
            done.complete(true);
            return effects;
        });
        await(done);
    }

    private static <T> T await(CompletableFuture<T> answer) throws AdminException {
        try {
            return answer.get(ANSWER_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AdminException("the gateway is too busy to answer; try again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminException("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
