package dev.postern.ike.exchange;

import dev.postern.crypto.KeyAgreement;
import dev.postern.crypto.PayloadCipher;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.InitiatorProfile;
import dev.postern.ike.Path;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.negotiate.AddressRequest;
import dev.postern.ike.negotiate.EspSuite;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.IvSequence;
import dev.postern.ike.sa.NatDetection;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.sa.ResumptionSecret;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionChildSa;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Identity;
import dev.postern.wire.MessageId;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// One attempt of a client to resume: what it asks for, under a fresh SPIi and hence under keys of
/// its own. Only a COOKIE makes it seal the same payloads again, with the next IV.
final class ResumeRequest {
    private final InitiatorProfile profile;
    private final ResumableSession resumable;
    private final IkeSuite suite;
    private final long spiI;
    private final int inboundSpi;
    private final byte[] ni;
    private final @Nullable KeyAgreement keyAgreement;
    private final PayloadCipher cipher;
    private final IvSequence ivs;
    private final List<Payload> inner;
    private final Path path;

    ResumeRequest(
            Turn turn,
            InitiatorProfile profile,
            ResumableSession resumable,
            IkeSuite suite,
            Path path) {
        this.profile = profile;
        this.resumable = resumable;
        this.suite = suite;
        this.spiI = turn.newIkeSpi();
        this.inboundSpi = turn.newEspSpi();
        this.ni = turn.entropy().octets(SaInitInitiator.NONCE_LENGTH);
        this.keyAgreement =
                profile.resumption().keyExchange() == KeyExchangeInResume.REQUIRED
                        ? suite.keyExchange().generate(turn.entropy())
                        : null;
        this.cipher = ResumptionSecret.requestCipher(suite, secret(), spiI, gatewaySwitchCount());
        this.ivs = new IvSequence(turn.configuration().ivPrefix());
        this.path = path;
        this.inner = innerPayloads();
    }

    InitiatorProfile profile() {
        return profile;
    }

    /// The session that is resumed, as its last ticket left it.
    Session old() {
        return resumable.session();
    }

    /// RS.
    SecretBytes secret() {
        return resumable.session().secret();
    }

    IkeSuite suite() {
        return suite;
    }

    long spiI() {
        return spiI;
    }

    int inboundSpi() {
        return inboundSpi;
    }

    byte[] ni() {
        return ni;
    }

    /// Null where no KEi is sent.
    @Nullable KeyAgreement keyAgreement() {
        return keyAgreement;
    }

    /// KEi; null where none is sent.
    Payload.@Nullable KeyExchange keyExchange() {
        return keyAgreement == null
                ? null
                : new Payload.KeyExchange(
                        keyAgreement.method().transformId(), Octets.of(keyAgreement.publicData()));
    }

    /// One more than the ticket's, by reference than the one used last: the first resume carries 1.
    int gatewaySwitchCount() {
        return resumable.nextSwitchCount();
    }

    int messageId() {
        return MessageId.of(gatewaySwitchCount(), 0);
    }

    /// The message, with the gateway's cookie in front where it has asked for one.
    byte[] seal(Turn turn, @Nullable Octets cookie) {
        List<Payload> clear = new ArrayList<>(2);
        if (cookie != null) {
            clear.add(Payload.Notify.of(NotifyType.COOKIE, cookie));
        }
        clear.add(
                resumable.isReference()
                        ? Payload.Notify.of(NotifyType.IKE_SPI_PAIR, resumable.ticket())
                        : Payload.Notify.of(
                                NotifyType.IKEV2_TICKET, Tickets.present(resumable.ticket())));
        Header header =
                new Header(spiI, 0, ExchangeType.IKE_SESSION_RESUME_1RTT, true, false, messageId());
        return SkProtection.seal(header, clear, inner, cipher, ivs, turn.entropy());
    }

    /// The first payload is never a notification (draft section 4.2.3). The selectors are the
    /// session's and left out, but in transport mode, where they are the addresses of today.
    private List<Payload> innerPayloads() {
        List<Payload> payloads = new ArrayList<>();
        Identity named = profile.namedGateway();
        payloads.add(
                new Payload.IdResponder(
                        named == null ? Identity.fqdn(profile.secureDomain()) : named));
        List<Proposal> proposals = new ArrayList<>();
        for (EspSuite esp : offeredSuites()) {
            proposals.add(esp.toProposal(proposals.size() + 1, Octets.ofInt(inboundSpi)));
        }
        payloads.add(new Payload.SecurityAssociation(proposals));
        payloads.add(new Payload.Nonce(Octets.of(ni)));
        Payload.KeyExchange ke = keyExchange();
        if (ke != null) {
            payloads.add(ke);
        }
        List<InetAddress> addresses = EstablishedSession.innerAddresses(old().configuration());
        if (!addresses.isEmpty()) {
            payloads.add(AddressRequest.toPayload(addresses));
        }
        SelectorPolicy between = betweenPeers();
        if (between != null) {
            payloads.add(new Payload.TsInitiator(between.own()));
            payloads.add(new Payload.TsResponder(between.peer()));
            payloads.add(TransportMode.notification());
        }
        payloads.addAll(NatDetection.notifications(spiI, 0, path.local(), path.remote()));
        if (resumable.hasMovedTo(path.local().getAddress())) {
            payloads.add(Payload.Notify.of(NotifyType.UPDATE_SA_ADDRESSES));
        }
        return payloads;
    }

    /// What is offered of a Child SA in transport mode; null where the session's is a tunnel.
    @Nullable SelectorPolicy betweenPeers() {
        SessionChildSa child = old().defaultChildSa();
        return child == null || !child.transportMode()
                ? null
                : new SelectorPolicy(child.initiatorSelectors(), child.responderSelectors())
                        .at(path);
    }

    Path path() {
        return path;
    }

    /// The session's own suite, as long as our policy still allows it.
    List<EspSuite> offeredSuites() {
        SessionChildSa child = old().defaultChildSa();
        EspSuite own = child == null ? null : EspSuite.ofChosen(child.proposal());
        return own != null && profile.espSuites().contains(own)
                ? List.of(own)
                : profile.espSuites();
    }

    void wipe() {
        cipher.close();
        if (keyAgreement != null) {
            keyAgreement.close();
        }
    }
}
