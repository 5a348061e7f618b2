package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.IdentityText;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;

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

    private final IkeEndpoint endpoint;
    private final EndpointLoop loop;

    ParkingOrder(IkeEndpoint endpoint, EndpointLoop loop) {
        this.endpoint = endpoint;
        this.loop = loop;
    }

    /// Parks what is meant. From any thread but the endpoint's.
    ///
    /// @param subject the identity of a peer, or the SPI of an IKE SA
    /// @return how many sessions were told to rest
    int carryOut(String subject) throws AdminException {
        Input input = input(subject);
        CompletableFuture<Integer> parked = new CompletableFuture<>();
        loop.put(now -> {
            long before = endpoint.counters().get(Counter.SESSIONS_PARKED);
            List<Effect> effects = endpoint.handle(now, input);
            parked.complete((int) (endpoint.counters().get(Counter.SESSIONS_PARKED) - before));
            return effects;
        });
        try {
            return parked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminException("the gateway is ending");
        } catch (ExecutionException | TimeoutException e) {
            throw new AdminException("the gateway has too much to do to park anything now");
        }
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
