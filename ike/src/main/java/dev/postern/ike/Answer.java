package dev.postern.ike;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.voucher.SignedVoucher;
import dev.postern.pki.RevocationEvidence;
import dev.postern.ticket.TicketGrantingService;
import dev.postern.ticket.TicketGrantingService.Reply;
import dev.postern.ticket.store.SessionStore;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

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

    /// What was found of revocation, perhaps nothing; it is judged like all evidence.
    record RevocationFound(RevocationEvidence evidence) implements Answer {}

    /// What the DNS says of a name.
    ///
    /// @param ttlSeconds how long it holds
    record GatewaysFound(List<FoundGateway> gateways, long ttlSeconds) implements Answer {
        public GatewaysFound {
            gateways = List.copyOf(gateways);
        }
    }

    /// The name has no gateways at the moment.
    ///
    /// @param reason for people
    record GatewaysNotFound(String reason) implements Answer {}

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
    /// @param peerCertificate SHA-256 of the certificate that the peer showed within EAP; empty
    ///   where it showed none
    record EapSucceeded(
            Octets packet,
            @Nullable SecretBytes msk,
            Identity identity,
            boolean mutual,
            List<Octets> aaaAttributes,
            long hardDeadline,
            Octets peerCertificate)
            implements Answer {
        public EapSucceeded {
            aaaAttributes = List.copyOf(aaaAttributes);
        }

        /// Without a certificate of the peer.
        public EapSucceeded(
                Octets packet,
                @Nullable SecretBytes msk,
                Identity identity,
                boolean mutual,
                List<Octets> aaaAttributes,
                long hardDeadline) {
            this(packet, msk, identity, mutual, aaaAttributes, hardDeadline, Octets.EMPTY);
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

    /// The session store's answers.
    sealed interface OfStore extends Answer {}

    /// The record is written, for good.
    record SessionStored() implements OfStore {}

    /// The store is full.
    record SessionNotStored() implements OfStore {}

    record SessionFetched(StoredSession session) implements OfStore {}

    /// There is no such record, or not any more.
    record SessionUnknown() implements OfStore {}

    /// The switch count is this request's.
    record SwitchCountRaised() implements OfStore {}

    /// Another request was first.
    record SwitchCountTaken() implements OfStore {}

    record SessionDropped() implements OfStore {}

    /// The store is broken or out of reach.
    record StoreUnavailable() implements OfStore {}

    /// What became of [Ask.VerifyVouchers].
    sealed interface OfVouchers extends Answer {}

    /// Every token is one, and its signature verifies under the key that it carries.
    ///
    /// @param vouchers in the order of the question
    record VouchersRead(List<SignedVoucher> vouchers) implements OfVouchers {
        public VouchersRead {
            vouchers = List.copyOf(vouchers);
        }
    }

    /// One of them is not what it should be.
    ///
    /// @param reason for people on this side
    record VouchersUnreadable(String reason) implements OfVouchers {}

    /// The central entity's answers.
    sealed interface OfTicketService extends Answer {}

    /// A key of the domain has opened the ticket. Whoever receives it owns the chain.
    record TicketOpened(SecretBytes chain) implements OfTicketService {
        @Override
        public void discard() {
            chain.close();
        }
    }

    record TicketSealed(Octets ticket) implements OfTicketService {}

    /// The ticket or the session is none that the domain knows.
    ///
    /// @param reason for people on this side
    record TicketRefused(String reason) implements OfTicketService {}

    /// The service is out of reach, or too slow.
    record TicketServiceUnavailable() implements OfTicketService {}

    /// What this service says, where it is in the same process.
    static Answer.OfTicketService of(
            TicketGrantingService service,
            Ask.OfTicketService ask,
            Entropy entropy,
            long nowSeconds) {
        Reply reply =
                switch (ask) {
                    case Ask.OpenTicket open ->
                            service.open(open.ticket(), open.kind(), nowSeconds);
                    case Ask.SealTicket seal -> {
                        try (SecretBytes chain = seal.chain()) {
                            yield service.seal(
                                    chain.expose().clone(), seal.kind(), entropy, nowSeconds);
                        }
                    }
                };
        return switch (reply) {
            case Reply.Opened opened -> new TicketOpened(SecretBytes.owning(opened.chain()));
            case Reply.Sealed sealed -> new TicketSealed(sealed.ticket());
            case Reply.Refused refused ->
                    new TicketRefused(refused.reason().name().toLowerCase(Locale.ROOT));
        };
    }

    /// What this store says; the one place where questions become calls.
    static Answer.OfStore of(SessionStore store, Ask.OfStore ask, long nowSeconds) {
        try {
            return switch (ask) {
                case Ask.StoreSession put ->
                        store.put(put.reference(), put.session(), nowSeconds)
                                ? new SessionStored()
                                : new SessionNotStored();
                case Ask.FetchSession fetch -> {
                    StoredSession found = store.fetch(fetch.reference(), nowSeconds);
                    yield found == null ? new SessionUnknown() : new SessionFetched(found);
                }
                case Ask.RaiseSwitchCount raise ->
                        switch (store.raise(
                                raise.reference(),
                                raise.gatewaySwitchCount(),
                                raise.claim(),
                                nowSeconds)) {
                            case RAISED -> new SwitchCountRaised();
                            case TAKEN -> new SwitchCountTaken();
                            case UNKNOWN -> new SessionUnknown();
                        };
                case Ask.DropSession drop -> {
                    store.drop(drop.reference(), drop.gatewaySwitchCount());
                    yield new SessionDropped();
                }
            };
        } catch (SessionStore.UnavailableException unavailable) {
            return new StoreUnavailable();
        }
    }
}
