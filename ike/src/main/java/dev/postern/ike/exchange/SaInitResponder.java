package dev.postern.ike.exchange;

import dev.postern.crypto.InvalidKeyExchangeException;
import dev.postern.crypto.KeyAgreement;
import dev.postern.ike.Counter;
import dev.postern.ike.Path;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.negotiate.ProposalSelector;
import dev.postern.ike.sa.IntAuth;
import dev.postern.ike.sa.NatDetection;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.sa.ResponseWindow;
import dev.postern.ike.sa.SignatureAuthentication;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// IKE_SA_INIT at the responder, RFC 7296 sections 1.2 and 2.6. Nothing is kept for a request that
/// is refused.
final class SaInitResponder {
    private SaInitResponder() {}

    static void onRequest(Turn turn, Path path, Message message) {
        Payload.SecurityAssociation offers =
                Message.find(message.payloads(), Payload.SecurityAssociation.class);
        Payload.KeyExchange ke = Message.find(message.payloads(), Payload.KeyExchange.class);
        Payload.Nonce nonce = Message.find(message.payloads(), Payload.Nonce.class);
        if (offers == null || ke == null || nonce == null) {
            turn.count(Counter.REFUSED_INVALID_SYNTAX);
            refuse(turn, path, message.header(), Payload.Notify.of(NotifyType.INVALID_SYNTAX));
            return;
        }
        if (RedirectResponder.onInit(turn, path, message, nonce.data())) {
            return;
        }
        if (!Admission.ofFullExchange(turn, path, message, nonce.data(), offers.proposals())) {
            return;
        }
        ProposalSelector.ChosenIke chosen =
                ProposalSelector.chooseIke(
                        allowedSuites(turn),
                        offers.proposals(),
                        ke.method(),
                        Extensions.intermediate(message.payloads()));
        if (chosen == null) {
            turn.count(Counter.REFUSED_NO_PROPOSAL_CHOSEN);
            refuse(turn, path, message.header(), Payload.Notify.of(NotifyType.NO_PROPOSAL_CHOSEN));
            return;
        }
        int wanted = chosen.suite().keyExchange().transformId();
        if (wanted != ke.method()) {
            turn.count(Counter.REFUSED_INVALID_KE_PAYLOAD);
            Octets group = Octets.of(new byte[] {(byte) (wanted >>> 8), (byte) wanted});
            refuse(
                    turn,
                    path,
                    message.header(),
                    Payload.Notify.of(NotifyType.INVALID_KE_PAYLOAD, group));
            return;
        }
        if (ke.data().length() != chosen.suite().keyExchange().publicLength()) {
            turn.count(Counter.DROPPED_KEY_EXCHANGE);
            return;
        }
        try {
            KeyAgreement own =
                    chosen.suite().keyExchange().respond(ke.data().array(), turn.entropy());
            accept(turn, path, message, chosen, own, ke.data().array(), nonce.data().array());
        } catch (InvalidKeyExchangeException e) {
            turn.count(Counter.DROPPED_KEY_EXCHANGE);
            refuse(turn, path, message.header(), Payload.Notify.of(NotifyType.INVALID_SYNTAX));
        }
    }

    private static void accept(
            Turn turn,
            Path path,
            Message message,
            ProposalSelector.ChosenIke chosen,
            KeyAgreement keyAgreement,
            byte[] peerKeyData,
            byte[] ni) {
        IkeSuite suite = chosen.suite();
        long spiI = message.header().spiI();
        long spiR = turn.newIkeSpi();
        byte[] nr = turn.entropy().octets(SaInitInitiator.NONCE_LENGTH);
        boolean vendor = Vendor.isNamedIn(message.payloads());
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.SecurityAssociation(List.of(chosen.answer())));
        payloads.add(
                new Payload.KeyExchange(
                        suite.keyExchange().transformId(), Octets.of(keyAgreement.publicData())));
        payloads.add(new Payload.Nonce(Octets.of(nr)));
        payloads.addAll(NatDetection.notifications(spiI, spiR, path.local(), path.remote()));
        payloads.addAll(Extensions.answered(turn.configuration(), message.payloads(), suite));
        payloads.addAll(certificateNews(turn));
        payloads.addAll(ChildlessExchange.announced(turn));
        List<Payload> ppk = PpkResponder.answered(turn, message.payloads());
        payloads.addAll(ppk);
        if (vendor) {
            payloads.add(Vendor.FAILOVER);
        }
        payloads.addAll(EarlyAnnouncement.answer(turn.configuration(), message.payloads(), vendor));
        byte[] response =
                MessageCodec.encode(message.header().toResponse().withSpiR(spiR), payloads);
        HalfOpen state =
                new HalfOpen(
                        suite,
                        message.octets().array(),
                        response,
                        ni,
                        nr,
                        keyAgreement,
                        peerKeyData,
                        null,
                        vendor,
                        suite.additional().isEmpty() ? null : new IntAuth(),
                        turn.now().nanos() + turn.configuration().limits().halfOpenLifetimeNanos());
        IkeSa sa = open(turn, path, message, spiR, state);
        sa.agreeOn(
                Extensions.agreed(turn.configuration(), message.payloads())
                        | RedirectResponder.extensionOf(message.payloads()));
        if (!ppk.isEmpty()) {
            sa.relation().agreeOnPpk();
        }
        turn.send(path, response);
    }

    /// Which authorities we trust, and which signatures we understand, where a profile has use for
    /// them (RFC 7296 section 1.2, RFC 7427 section 4).
    private static List<Payload> certificateNews(Turn turn) {
        List<Payload> news = new ArrayList<>();
        for (ResponderProfile profile : turn.configuration().profiles()) {
            if (profile.certificates() != null) {
                news.addAll(CertificateProof.request(profile.certificates()));
            }
        }
        if (turn.configuration().profiles().stream()
                .anyMatch(profile -> profile.certificates() != null)) {
            news.add(SignatureAuthentication.hashAlgorithms());
        }
        return news;
    }

    /// Registers a half-open IKE SA; Message ID 1 (IKE_AUTH) is due from the initiator.
    static IkeSa open(Turn turn, Path path, Message message, long spiR, HalfOpen state) {
        long spiI = message.header().spiI();
        IkeSa sa = new IkeSa(turn.table().newResponderHandle(), spiR, spiI, false, path, state, 1);
        sa.setWindows(new RequestWindow(0), new ResponseWindow(1));
        sa.register(turn);
        turn.table().addBegun(message, sa);
        turn.table().addHalfOpen(sa);
        turn.table().timers().schedule(sa);
        return sa;
    }

    /// Refuses a ticket in clear text, as often as that is done, and keeps nothing.
    static void refuseTicket(Turn turn, Path path, Header request) {
        if (turn.refusals().take(path.remote().getAddress(), turn.now().nanos())) {
            refuse(turn, path, request, Payload.Notify.of(NotifyType.TICKET_NACK));
        } else {
            turn.count(Counter.SUPPRESSED_TICKET_NACK);
        }
    }

    /// Answers in clear text with one notification and keeps nothing.
    static void refuse(Turn turn, Path path, Header request, Payload.Notify notify) {
        refuse(turn, path, request, List.of(notify));
    }

    /// Answers in clear text and keeps nothing.
    static void refuse(Turn turn, Path path, Header request, List<Payload> answer) {
        Header header =
                new Header(
                        request.spiI(),
                        0,
                        request.exchange(),
                        false,
                        true,
                        request.exchange() == ExchangeType.IKE_SA_INIT ? 0 : request.messageId());
        turn.send(path, MessageCodec.encode(header, answer));
    }

    /// Before the peer has named itself, any profile may be meant.
    private static List<IkeSuite> allowedSuites(Turn turn) {
        List<ResponderProfile> profiles = turn.configuration().profiles();
        if (profiles.size() == 1) {
            return profiles.getFirst().ikeSuites();
        }
        Set<IkeSuite> suites = new LinkedHashSet<>();
        for (ResponderProfile profile : profiles) {
            suites.addAll(profile.ikeSuites());
        }
        return List.copyOf(suites);
    }
}
