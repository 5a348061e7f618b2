package dev.postern.gateway.aaa;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.radius.AccessConversation;
import dev.postern.radius.AccessConversation.Step;
import dev.postern.radius.Authorization;
import dev.postern.radius.ClientEffect;
import dev.postern.radius.Drop;
import dev.postern.radius.Moment;
import dev.postern.radius.Nas;
import dev.postern.radius.RadiusClient;
import dev.postern.radius.RetryPolicy;
import dev.postern.radius.Server;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// EAP conversations of peers with RADIUS servers (RFC 3579).
public final class RadiusAuthentication implements RadiusLoop.Party {
    /// Conversations at a time; with one more, the one that was silent for the longest time ends.
    private static final int CONVERSATIONS = 32_768;

    private static final long PATIENCE_NANOS = Ask.EAP_PATIENCE_SECONDS * Moment.NANOS_PER_SECOND;
    private static final int EAP_REQUEST = 1;
    private static final int EAP_RESPONSE = 2;
    private static final int EAP_IDENTITY = 1;
    private static final int EAP_OVERHEAD = 5;

    /// Octets of EAP per message: an IKE message around them still fits into 1,280 octets.
    private static final int FRAMED_MTU = 1_000;

    private final RadiusLoop loop;
    private final RadiusClient client;
    private final RadiusSockets sockets;
    private final Nas nas;
    private final Map<Long, Conversation> conversations = new LinkedHashMap<>(64, 0.75f, true);
    private final Map<Long, Waiting> waiting = new HashMap<>();
    private long lastCall;

    private static final class Conversation {
        private final AccessConversation access;
        private long lastStep;

        private Conversation(AccessConversation access) {
            this.access = access;
        }
    }

    private record Waiting(long conversation, AccessConversation access, Consumer<Answer> answer) {}

    RadiusAuthentication(
            RadiusLoop loop,
            List<Server> servers,
            RetryPolicy policy,
            Nas nas,
            @Nullable InetAddress source,
            Entropy entropy)
            throws IOException {
        this.loop = loop;
        this.nas = nas;
        this.client = new RadiusClient(servers, policy, entropy);
        this.sockets = new RadiusSockets(loop, this, client, policy.channels(), source);
    }

    /// Takes one step of a conversation; from any thread.
    ///
    /// @param asksIdentity whether EAP begins with an Identity request; else IDi is the name
    public void next(Ask.EapToServer ask, boolean asksIdentity, Consumer<Answer> answer) {
        if (!ask.packet().isEmpty()) {
            loop.execute(now -> step(ask, ask.packet(), answer, now));
        } else if (asksIdentity) {
            answer.accept(new Answer.EapContinues(identityRequest(ask.conversation())));
        } else {
            loop.execute(now -> step(ask, identityResponse(ask), answer, now));
        }
    }

    private static Octets identityRequest(long conversation) {
        byte identifier = (byte) conversation;
        return Octets.of(new byte[] {EAP_REQUEST, identifier, 0, EAP_OVERHEAD, EAP_IDENTITY});
    }

    /// What the peer would have answered.
    private static Octets identityResponse(Ask.EapToServer ask) {
        byte[] name = ask.peer().data().array();
        int length = Math.min(name.length, 253);
        byte[] packet = new byte[EAP_OVERHEAD + length];
        packet[0] = EAP_RESPONSE;
        packet[1] = (byte) ask.conversation();
        packet[2] = (byte) (packet.length >>> 8);
        packet[3] = (byte) packet.length;
        packet[4] = EAP_IDENTITY;
        System.arraycopy(name, 0, packet, EAP_OVERHEAD, length);
        return Octets.of(packet);
    }

    private void step(Ask.EapToServer ask, Octets packet, Consumer<Answer> answer, Moment now) {
        forget(now);
        Conversation conversation =
                conversations.computeIfAbsent(
                        ask.conversation(),
                        _ ->
                                new Conversation(
                                        new AccessConversation(
                                                nas,
                                                station(ask.path().local()),
                                                station(ask.path().remote()),
                                                ask.peer().toString(),
                                                FRAMED_MTU)));
        conversation.lastStep = now.nanos();
        long call = ++lastCall;
        waiting.put(call, new Waiting(ask.conversation(), conversation.access, answer));
        carryOut(client.submit(conversation.access.ask(call, packet), now), now);
    }

    static String station(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + "[" + address.getPort() + "]";
    }

    private void forget(Moment now) {
        Iterator<Conversation> oldest = conversations.values().iterator();
        while (oldest.hasNext()) {
            Conversation next = oldest.next();
            boolean silent = now.nanos() - next.lastStep > PATIENCE_NANOS;
            if (!silent && conversations.size() < CONVERSATIONS) {
                return;
            }
            oldest.remove();
        }
    }

    @Override
    public void onDatagram(int channel, InetSocketAddress from, byte[] datagram, Moment now) {
        carryOut(client.onDatagram(from, channel, datagram, now), now);
    }

    @Override
    public long nextDeadline() {
        return client.nextDeadline();
    }

    @Override
    public void onDeadline(Moment now) {
        carryOut(client.onDeadline(now), now);
    }

    private void carryOut(List<ClientEffect> effects, Moment now) {
        for (ClientEffect effect : effects) {
            switch (effect) {
                case ClientEffect.Transmit transmit -> sockets.transmit(transmit);
                case ClientEffect.Answered answered -> onAnswered(answered, now);
                case ClientEffect.Unanswered unanswered -> onUnanswered(unanswered.call());
                case ClientEffect.ServerDied died -> sockets.died(died, "authentication");
                case ClientEffect.ServerRevived revived ->
                        sockets.revived(revived, "authentication");
                case ClientEffect.Settled _ -> {}
            }
        }
    }

    private void onUnanswered(long call) {
        Waiting waited = waiting.remove(call);
        if (waited != null) {
            conversations.remove(waited.conversation);
            waited.answer.accept(
                    new Answer.EapFailed(Octets.EMPTY, "no RADIUS server has answered"));
        }
    }

    private void onAnswered(ClientEffect.Answered answered, Moment now) {
        Waiting waited = waiting.remove(answered.call());
        if (waited == null) {
            return;
        }
        Step step = waited.access.onAnswer(answered, client.server(answered.server()).secret());
        if (!(step instanceof Step.Challenge)) {
            conversations.remove(waited.conversation);
        }
        waited.answer.accept(
                switch (step) {
                    case Step.Challenge challenge -> new Answer.EapContinues(challenge.eap());
                    case Step.Accepted accepted -> succeeded(accepted, now);
                    case Step.Rejected rejected ->
                            new Answer.EapFailed(
                                    rejected.eap(), "the RADIUS server refuses the peer");
                    case Step.Contradiction contradiction ->
                            new Answer.EapFailed(Octets.EMPTY, contradiction.detail());
                });
    }

    /// Session-Timeout becomes a deadline that no resume extends.
    private static Answer succeeded(Step.Accepted accepted, Moment now) {
        long timeout = new Authorization(accepted.granted()).sessionTimeoutSeconds();
        return new Answer.EapSucceeded(
                accepted.eap(),
                accepted.msk(),
                identity(accepted.userName()),
                accepted.mutual(),
                accepted.granted().raw(),
                timeout == 0 ? 0 : now.epochSeconds() + timeout);
    }

    private static Identity identity(String userName) {
        return userName.contains("@") ? Identity.email(userName) : Identity.fqdn(userName);
    }

    /// Datagrams that were passed over, for the status page.
    long dropped(Drop drop) {
        return client.dropped(drop);
    }

    /// Requests that wait for an answer.
    int outstanding() {
        return client.outstanding();
    }
}
