package dev.postern.eap;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;
import dev.postern.eap.MethodStep.Proven;
import dev.postern.eap.MethodStep.Refused;
import dev.postern.eap.MethodStep.Send;
import dev.postern.wire.EapPacket;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// EAP-MSCHAPv2 at the peer. A server that does not prove that it knows the password is refused.
public final class MsChapV2Peer implements PeerMethod {
    private static final int PROOF_LENGTH = 42;
    private static final Octets TAKES_SUCCESS = Octets.of(new byte[] {MsChapV2Packet.SUCCESS});
    private static final Octets TAKES_FAILURE = Octets.of(new byte[] {MsChapV2Packet.FAILURE});

    private final String user;
    private final SecretBytes passwordHash;
    private final byte[] peerChallenge;
    private Phase phase = Phase.NEW;
    private String expectedProof = "";
    private @Nullable SecretBytes msk;
    private @Nullable String refusal;

    private enum Phase {
        NEW,
        ANSWERED,
        PROVEN,
        ENDED
    }

    /// @param password of this method's own, wiped at once
    public MsChapV2Peer(String user, SecretBytes password, Entropy entropy) {
        this.user = user;
        try (password) {
            this.passwordHash = MsChapV2.passwordHash(password);
        }
        this.peerChallenge = entropy.octets(MsChapV2.CHALLENGE_LENGTH);
    }

    @Override
    public int type() {
        return EapPacket.MSCHAPV2;
    }

    @Override
    public boolean isMutual() {
        return false;
    }

    @Override
    public MethodStep onRequest(Octets data) {
        MsChapV2Packet packet;
        try {
            packet = MsChapV2Packet.decode(data);
        } catch (MalformedException e) {
            return refuse("the server's MS-CHAP-V2 packet is malformed");
        }
        return switch (packet) {
            case MsChapV2Packet.Challenge challenge when phase == Phase.NEW -> answer(challenge);
            case MsChapV2Packet.Success success when phase == Phase.ANSWERED -> judge(success);
            case MsChapV2Packet.Failure failure when phase == Phase.ANSWERED -> {
                phase = Phase.ENDED;
                refusal = "the server refused the password of " + user + codeOf(failure.message());
                yield new Send(TAKES_FAILURE);
            }
            case MsChapV2Packet.Challenge _,
                    MsChapV2Packet.Response _,
                    MsChapV2Packet.Success _,
                    MsChapV2Packet.Failure _ ->
                    refuse("the server's MS-CHAP-V2 packet is out of turn");
        };
    }

    private MethodStep answer(MsChapV2Packet.Challenge challenge) {
        byte[] hash = MsChapV2.challengeHash(peerChallenge, challenge.challenge(), user);
        byte[] ntResponse = MsChapV2.ntResponse(passwordHash, hash);
        expectedProof = MsChapV2.authenticatorResponse(passwordHash, ntResponse, hash);
        msk = MsChapV2.masterSessionKey(passwordHash, ntResponse);
        passwordHash.close();
        phase = Phase.ANSWERED;
        return new Send(
                new MsChapV2Packet.Response(challenge.id(), peerChallenge, ntResponse, user)
                        .encode());
    }

    private MethodStep judge(MsChapV2Packet.Success success) {
        String message = success.message();
        byte[] proof =
                message.substring(0, Math.min(PROOF_LENGTH, message.length()))
                        .getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(proof, expectedProof.getBytes(StandardCharsets.UTF_8))) {
            return refuse("the server does not know the password of " + user);
        }
        phase = Phase.PROVEN;
        return new Send(TAKES_SUCCESS);
    }

    /// The error's number, which is all of the message that is fit for a log.
    private static String codeOf(String message) {
        if (!message.startsWith("E=")) {
            return "";
        }
        int end = 2;
        while (end < message.length()
                && end < 12
                && message.charAt(end) >= '0'
                && message.charAt(end) <= '9') {
            end++;
        }
        return end == 2 ? "" : " (error " + message.substring(2, end) + ")";
    }

    @Override
    public @Nullable Proven proven() {
        SecretBytes key = msk;
        if (phase != Phase.PROVEN || key == null) {
            return null;
        }
        msk = null;
        return new Proven(key, user, null);
    }

    @Override
    public @Nullable String refusal() {
        return refusal;
    }

    private Refused refuse(String reason) {
        close();
        return new Refused(reason);
    }

    @Override
    public void close() {
        phase = Phase.ENDED;
        passwordHash.close();
        if (msk != null) {
            msk.close();
            msk = null;
        }
    }
}
