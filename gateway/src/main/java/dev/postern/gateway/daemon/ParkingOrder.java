package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.IdentityText;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// An operator's order to let sessions rest: their SAs leave this gateway, and their clients come
/// back with their next packet, here or elsewhere.
final class ParkingOrder {
    private static final Pattern SPI = Pattern.compile("(0x)?[0-9a-f]{16}");
    private static final long PATIENCE_SECONDS = 10;
    private static final String WHO_CANNOT_REST =
            "Only a client that speaks the failover profile can, and none to which a request of"
                    + " this gateway is under way: to such a one give the order again";

    private final IkeEndpoint endpoint;
    private final EndpointLoop loop;

    ParkingOrder(IkeEndpoint endpoint, EndpointLoop loop) {
        this.endpoint = endpoint;
        this.loop = loop;
    }

    /// What came of an order.
    ///
    /// @param meant established IKE SAs that it named
    /// @param parked those of them that were told to rest
    private record Outcome(int meant, int parked) {}

    /// Parks what is meant. From any thread but the endpoint's.
    ///
    /// @param subject the identity of a peer, or the SPI of an IKE SA
    /// @return what was done, in words
    /// @throws AdminException where nothing was parked, with the reason
    List<String> carryOut(String subject) throws AdminException {
        Outcome outcome = outcome(input(subject));
        int left = outcome.meant() - outcome.parked();
        if (outcome.meant() == 0) {
            throw new AdminException(
                    "nothing was parked: no session of \""
                            + subject
                            + "\" is at this gateway; it may rest already or be at another one."
                            + " Whose sessions are here, and under which SPIs, say the lines"
                            + " ike-sa-established of this gateway's log");
        }
        if (outcome.parked() == 0) {
            throw new AdminException(
                    "nothing was parked: "
                            + sessions(left)
                            + " of \""
                            + subject
                            + "\" "
                            + (left == 1 ? "is" : "are")
                            + " here and cannot rest now. "
                            + WHO_CANNOT_REST);
        }
        List<String> told = new ArrayList<>();
        told.add("parked " + sessions(outcome.parked()));
        if (left > 0) {
            told.add(sessions(left) + " cannot rest now. " + WHO_CANNOT_REST);
        }
        return told;
    }

    private static String sessions(int count) {
        return count + (count == 1 ? " session" : " sessions");
    }

    private Outcome outcome(Input order) throws AdminException {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        loop.put(now -> {
            int meant = meant(order);
            long before = endpoint.counters().get(Counter.SESSIONS_PARKED);
            List<Effect> effects = endpoint.handle(now, order);
            long parked = endpoint.counters().get(Counter.SESSIONS_PARKED) - before;
            outcome.complete(new Outcome(meant, (int) parked));
            return effects;
        });
        try {
            return outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminException("the gateway is ending");
        } catch (ExecutionException | TimeoutException e) {
            throw new AdminException("the gateway has too much to do to park anything now");
        }
    }

    private int meant(Input order) {
        return switch (order) {
            case Input.ParkPeer peer -> endpoint.meant(peer);
            case Input.ParkSpi spi -> endpoint.meant(spi);
            default -> 0;
        };
    }

    private static Input input(String subject) throws AdminException {
        String digits = subject.toLowerCase(Locale.ROOT);
        if (SPI.matcher(digits).matches()) {
            return new Input.ParkSpi(
                    Long.parseUnsignedLong(digits.substring(digits.length() - 16), 16));
        }
        try {
            return new Input.ParkPeer(IdentityText.parse(subject));
        } catch (IllegalArgumentException notAnIdentity) {
            throw new AdminException(
                    "\""
                            + subject
                            + "\" is neither the SPI of an IKE SA, 16 hexadecimal digits, nor an"
                            + " identity; legal is "
                            + IdentityText.LEGAL);
        }
    }
}
