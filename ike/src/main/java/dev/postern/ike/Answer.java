package dev.postern.ike;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/// The answers to [Ask]s.
public sealed interface Answer {
    /// Wipes the secrets in an answer that nobody takes. Idempotent.
    default void discard() {}

    /// @param addresses the leased inner addresses, one per family asked for
    /// @param attributes further attributes for the client: DNS servers, split DNS, subnets
    record AddressesLeased(List<InetAddress> addresses, List<ConfigurationAttribute> attributes)
            implements Answer {}

    /// No address can be given.
    record AddressesRefused() implements Answer {}

    /// EAP goes on.
    ///
    /// @param packet a Request from the server, a Response from the peer
    record EapContinues(Octets packet) implements Answer {}

    /// EAP has come to a good end. Whoever receives it owns the key.
    ///
    /// @param packet the Success that the server sends; the peer's answer repeats the one it got
    /// @param msk key for AUTH, 64 octets in all common methods; null for a method that makes none
    /// @param identity who the peer proved to be, at the server; its own name, at the peer
    /// @param mutual whether the method has also proven the server to the peer, and withstands
    ///   guessing
    /// @param aaaAttributes to keep with the session, as in
    ///   [dev.postern.ticket.Session#aaaAttributes]
    /// @param hardDeadline seconds since 1970 at which the session ends whatever happens; 0 for
    ///   none
    record EapSucceeded(
            Octets packet,
            @Nullable SecretBytes msk,
            Identity identity,
            boolean mutual,
            List<Octets> aaaAttributes,
            long hardDeadline)
            implements Answer {
        public EapSucceeded {
            aaaAttributes = List.copyOf(aaaAttributes);
        }

        @Override
        public void discard() {
            if (msk != null) {
                msk.close();
            }
        }
    }

    /// EAP has come to a bad end.
    ///
    /// @param packet the Failure that the server sends; empty at the peer, and where the server has
    ///   nothing to say
    /// @param reason for people on this side
    record EapFailed(Octets packet, String reason) implements Answer {}
}
