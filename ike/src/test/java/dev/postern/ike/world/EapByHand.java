package dev.postern.ike.world;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.wire.EapPacket;
import dev.postern.wire.Identity;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Both ends of an EAP method of a test's own: so many requests, each answered, then success with a
/// key that both ends were given. What it says can be changed where a test needs it different.
public final class EapByHand {
    private static final int EXPERIMENTAL = 255;

    public int requests = 2;
    public boolean mutual = true;
    public boolean makesKey = true;
    public byte serverKey = 7;
    public byte peerKey = 7;
    public Identity identity = Identity.email("alice@example.org");
    public List<Octets> aaaAttributes = List.of();
    public long hardDeadline;
    public @Nullable Answer instead;

    /// What was asked, in order.
    public final List<Ask.EapToServer> toServer = new ArrayList<>();

    public final List<Ask.EapToPeer> toPeer = new ArrayList<>();

    /// Takes its seats beside both endpoints.
    public EapByHand seat(Node gateway, Node client) {
        gateway.seatEapServer(this::serve);
        client.seatEapPeer(this::answer);
        return this;
    }

    public Answer serve(Ask.EapToServer ask) {
        toServer.add(ask);
        if (instead != null) {
            return instead;
        }
        int said = ask.packet().isEmpty() ? 0 : decode(ask.packet()).identifier() + 1;
        if (said < requests) {
            Octets data = Octets.ofAscii("question " + said);
            return new Answer.EapContinues(EapPacket.request(said, EXPERIMENTAL, data).encode());
        }
        return succeeded(EapPacket.success(said - 1).encode(), serverKey);
    }

    public Answer answer(Ask.EapToPeer ask) {
        toPeer.add(ask);
        EapPacket packet = decode(ask.packet());
        return switch (packet.code()) {
            case REQUEST ->
                    new Answer.EapContinues(
                            EapPacket.response(
                                            packet.identifier(),
                                            EXPERIMENTAL,
                                            Octets.ofAscii("answer"))
                                    .encode());
            case SUCCESS -> succeeded(ask.packet(), peerKey);
            case FAILURE, RESPONSE ->
                    new Answer.EapFailed(Octets.EMPTY, "the server said " + packet.code());
        };
    }

    public Answer.EapSucceeded succeeded(Octets packet, byte key) {
        byte[] msk = new byte[64];
        Arrays.fill(msk, key);
        return new Answer.EapSucceeded(
                packet,
                makesKey ? SecretBytes.owning(msk) : null,
                identity,
                mutual,
                aaaAttributes,
                hardDeadline);
    }

    public static EapPacket decode(Octets octets) {
        try {
            return EapPacket.decode(octets);
        } catch (MalformedException e) {
            throw new AssertionError("an endpoint let a malformed EAP packet through", e);
        }
    }
}
