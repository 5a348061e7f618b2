package dev.postern.ike.exchange;

import dev.postern.ike.ConnectionProfile;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.negotiate.ChildProposals;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.PeersAddresses;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;
import dev.postern.wire.Protocol;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// CREATE_CHILD_SA for a Child SA at its responder, RFC 7296 sections 1.3.1, 1.3.3 and 2.25.1. A
/// refusal changes nothing.
final class ChildSaResponder {
    private ChildSaResponder() {}

    /// What the request holds, all of it present.
    private record Request(
            ChildOffer offer, Payload.Nonce nonce, Payload.@Nullable KeyExchange keyExchange) {}

    /// The answer's payloads.
    static List<Payload> onRequest(Turn turn, IkeSa sa, List<Payload> payloads) {
        ChildOffer offer = ChildOffer.of(payloads);
        Payload.Nonce nonce = Message.find(payloads, Payload.Nonce.class);
        if (offer == null || nonce == null) {
            return refuse(turn, Counter.REFUSED_INVALID_SYNTAX, NotifyType.INVALID_SYNTAX);
        }
        Request request =
                new Request(offer, nonce, Message.find(payloads, Payload.KeyExchange.class));
        Payload.Notify rekey = Message.findNotify(payloads, NotifyType.REKEY_SA);
        if (IkeSaRekeyInitiator.pendingAt(sa) != null) {
            return refuse(turn, Counter.REFUSED_CREATE_CHILD_SA, NotifyType.TEMPORARY_FAILURE);
        }
        if (rekey == null) {
            return answer(turn, sa, request, null);
        }
        // The peer names its own inbound SPI. No other protocol than ESP has Child SAs here, so
        // whatever else is named does not exist; nothing of it is echoed but an SPI of four octets.
        boolean named = rekey.protocol() == Protocol.ESP && rekey.spi().length() == 4;
        HeldChildSa old = named ? sa.children().byOutboundSpi(rekey.spi().toInt()) : null;
        if (old == null && ChildSaInitiator.pendingAt(sa) != null) {
            // Perhaps what the answer that we wait for makes.
            return refuse(turn, Counter.REFUSED_CREATE_CHILD_SA, NotifyType.TEMPORARY_FAILURE);
        }
        if (old == null) {
            turn.count(Counter.REFUSED_CREATE_CHILD_SA);
            return List.of(
                    named
                            ? new Payload.Notify(
                                    Protocol.ESP,
                                    rekey.spi(),
                                    NotifyType.CHILD_SA_NOT_FOUND.code(),
                                    Octets.EMPTY)
                            : Payload.Notify.of(NotifyType.CHILD_SA_NOT_FOUND));
        }
        ChildSaInitiator own = ownRekeyOf(sa, old);
        if (!sa.children().mayBeReplaced(sa, old)
                || (own != null && own.collision().isNoted())
                || ChildSaInitiator.followsUp(sa, old.inboundSpi())) {
            // Being closed, or rekeyed already (section 2.25.1, RFC 9370 section 2.2.4).
            return refuse(turn, Counter.REFUSED_CREATE_CHILD_SA, NotifyType.TEMPORARY_FAILURE);
        }
        return answer(turn, sa, request, old);
    }

    private static @Nullable ChildSaInitiator ownRekeyOf(IkeSa sa, HeldChildSa old) {
        return sa.pending() instanceof ChildSaInitiator own && own.rekeys(old.inboundSpi())
                ? own
                : null;
    }

    private static List<Payload> answer(
            Turn turn, IkeSa sa, Request request, @Nullable HeldChildSa old) {
        if (sa.children().isFull()) {
            return refuse(turn, Counter.REFUSED_CREATE_CHILD_SA, NotifyType.NO_ADDITIONAL_SAS);
        }
        ConnectionProfile profile = sa.relation().profile();
        ChildProposals allowed =
                ChildProposals.of(
                        CounterSync.suites(sa),
                        IkeSaSuccession.suites(sa),
                        profile.life().childKeyExchange());
        Payload.KeyExchange ke = request.keyExchange();
        ChildProposals.Chosen chosen =
                allowed.choose(request.offer().proposals(), ke == null ? 0 : ke.method());
        if (chosen == null) {
            return refuse(turn, Counter.REFUSED_NO_PROPOSAL_CHOSEN, NotifyType.NO_PROPOSAL_CHOSEN);
        }
        if (chosen.method() != null
                && (ke == null || ke.method() != chosen.method().transformId())) {
            turn.count(Counter.REFUSED_INVALID_KE_PAYLOAD);
            return List.of(
                    Payload.Notify.of(
                            NotifyType.INVALID_KE_PAYLOAD,
                            RekeyKeyExchange.wanted(chosen.method())));
        }
        // TSi is the peer's side, whoever began the IKE SA.
        Selected selected = select(sa, request.offer(), old);
        if (selected == null) {
            return refuse(turn, Counter.REFUSED_TS_UNACCEPTABLE, NotifyType.TS_UNACCEPTABLE);
        }
        Agreed agreed = new Agreed(turn, chosen, selected, old, request.nonce().data().array());
        if (chosen.series() == null || ke == null) {
            List<Payload> answer = new ArrayList<>(agreed.payloads(null));
            agreed.install(turn, sa, agreed.nonces());
            return answer;
        }
        RekeyKeyExchange.Answered keyExchange =
                RekeyKeyExchange.answer(chosen.series().first(), ke, turn.entropy());
        if (keyExchange == null) {
            return refuse(turn, Counter.DROPPED_KEY_EXCHANGE, NotifyType.INVALID_SYNTAX);
        }
        List<Payload> answer = new ArrayList<>(agreed.payloads(keyExchange.payload()));
        SharedSecrets secrets = SharedSecrets.of(keyExchange.shared());
        if (!chosen.series().additional().isEmpty()) {
            AwaitedSeries series =
                    new AwaitedSeries(turn, agreed, chosen.series().additional(), secrets);
            sa.relation().followUps().await(series);
            answer.add(FollowUpResponder.link(series));
            return answer;
        }
        try (secrets) {
            agreed.install(turn, sa, agreed.nonces().with(secrets));
        }
        return answer;
    }

    /// What a Child SA will be.
    static final class Agreed implements AwaitedSeries.Outcome {
        private final ChildProposals.Chosen chosen;
        private final Selected selected;
        private final @Nullable HeldChildSa old;
        private final int inboundSpi;
        private final byte[] ni;
        private final byte[] nr;

        private Agreed(
                Turn turn,
                ChildProposals.Chosen chosen,
                Selected selected,
                @Nullable HeldChildSa old,
                byte[] ni) {
            this.chosen = chosen;
            this.selected = selected;
            this.old = old;
            this.inboundSpi = turn.newEspSpi();
            this.ni = ni;
            this.nr = turn.entropy().octets(SaInitInitiator.NONCE_LENGTH);
        }

        private ChildSaKeys.Nonces nonces() {
            return new ChildSaKeys.Nonces(ni, nr, false);
        }

        private List<Payload> payloads(Payload.@Nullable KeyExchange keyExchange) {
            Proposal proposal = chosen.answer().withSpi(Octets.ofInt(inboundSpi));
            List<Payload> answer = new ArrayList<>();
            answer.add(new Payload.SecurityAssociation(List.of(proposal)));
            answer.add(new Payload.Nonce(Octets.of(nr)));
            if (keyExchange != null) {
                answer.add(keyExchange);
            }
            answer.add(new Payload.TsInitiator(selected.selectors().peer()));
            answer.add(new Payload.TsResponder(selected.selectors().own()));
            answer.addAll(TransportMode.asked(selected.transport() != null));
            return answer;
        }

        @Override
        public List<Payload> complete(Turn turn, IkeSa sa, SharedSecrets secrets) {
            boolean obsolete =
                    old != null
                            && (sa.children().byInboundSpi(old.inboundSpi()) != old
                                    || !sa.children().mayBeReplaced(sa, old));
            if (obsolete
                    || sa.children().isFull()
                    || turn.table().byInboundSpi(inboundSpi) != null
                    || IkeSaRekeyInitiator.pendingAt(sa) != null) {
                return refuse(turn, Counter.REFUSED_CREATE_CHILD_SA, NotifyType.TEMPORARY_FAILURE);
            }
            install(turn, sa, nonces().with(secrets));
            return List.of();
        }

        /// The one place where state changes. The new Child SA opens at once; it seals once the
        /// peer uses it or deletes the old one (section 2.8), a further one at once.
        private void install(Turn turn, IkeSa sa, ChildSaKeys.Nonces keys) {
            ChildSaInitiator own = old == null ? null : ownRekeyOf(sa, old);
            SelectorPolicy selectors = selected.selectors();
            ChildSa child =
                    new ChildSa(
                            inboundSpi,
                            chosen.spi(),
                            chosen.suite(),
                            sa.isClient() ? selectors.own() : selectors.peer(),
                            sa.isClient() ? selectors.peer() : selectors.own(),
                            selected.transport());
            if (old != null) {
                sa.children().forgetUnknownSuccessors(turn, sa, old);
            }
            ChildSaKeys.install(turn, sa, child, replacesChild(), keys);
            if (old == null) {
                sa.children().used(turn, inboundSpi);
            } else if (own != null) {
                own.collision().note(Rival.of(inboundSpi, ni, nr));
            } else {
                old.stand(HeldChildSa.Standing.REPLACED);
            }
            sa.relation().childSaStands(turn, sa, old);
            turn.emit(new Event.ChildSaEstablished(sa.handle(), inboundSpi, replacesChild()));
        }

        @Override
        public int replacesChild() {
            return old == null ? HeldChildSa.NONE : old.inboundSpi();
        }

        @Override
        public boolean replacesIkeSa() {
            return false;
        }

        @Override
        public byte[] ni() {
            return ni;
        }

        @Override
        public byte[] nr() {
            return nr;
        }
    }

    /// @param transport null in tunnel mode
    private record Selected(SelectorPolicy selectors, @Nullable PeersAddresses transport) {}

    /// What is left of the peer's wish, in the mode that our profile wants; one that is rekeyed
    /// keeps its mode. Null where nothing is.
    private static @Nullable Selected select(
            IkeSa sa, ChildOffer offer, @Nullable HeldChildSa old) {
        boolean transport =
                old == null
                        ? TransportMode.isWanted(sa.relation().profile())
                        : old.child().isTransport();
        List<TrafficSelector> own = offer.responderSelectors();
        List<TrafficSelector> peer = offer.initiatorSelectors();
        PeersAddresses addresses = null;
        if (transport) {
            TransportMode.Seen seen =
                    offer.transportMode() ? TransportMode.seen(own, peer, sa.path()) : null;
            if (seen == null) {
                return null;
            }
            own = seen.own();
            peer = seen.peer();
            addresses = seen.addresses();
        }
        SelectorPolicy selectors = SelectorPolicy.of(sa).narrow(own, peer);
        return selectors.isEmpty() ? null : new Selected(selectors, addresses);
    }

    private static List<Payload> refuse(Turn turn, Counter counter, NotifyType type) {
        turn.count(counter);
        return List.of(Payload.Notify.of(type));
    }
}
