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

import java.security.MessageDigest;

/// EAP-MSCHAPv2 at the server: Challenge, Response, Success with the server's own proof,
/// acknowledgement. It makes a key, but whoever sees it run can guess the password at leisure, so
/// it must run under keys of a gateway that has proven itself.
public final class MsChapV2Server implements ServerMethod {
    /// Where passwords come from. Returns a secret of the caller's own, or null for a user that
    /// does not exist.
    @FunctionalInterface
    public interface Passwords {
        @Nullable SecretBytes of(String user);
    }

    private final String serverName;
    private final Passwords passwords;
    private final byte[] challenge;
    private final int id;
    private final SecretBytes nobody;
    private Phase phase = Phase.NEW;
    private @Nullable Proven outcome;
    private String failure = "";

    private enum Phase {
        NEW,
        CHALLENGED,
        SUCCEEDED,
        FAILED,
        ENDED
    }

    public MsChapV2Server(String serverName, Passwords passwords, Entropy entropy) {
        this.serverName = serverName;
        this.passwords = passwords;
        this.challenge = entropy.octets(MsChapV2.CHALLENGE_LENGTH);
        this.id = entropy.octets(1)[0] & 0xff;
        this.nobody = SecretBytes.owning(entropy.octets(16));
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
    public MethodStep begin(String claimed) {
        phase = Phase.CHALLENGED;
        return new Send(new MsChapV2Packet.Challenge(id, challenge, serverName).encode());
    }

    @Override
    public MethodStep onResponse(Octets data) {
        MsChapV2Packet packet;
        try {
            packet = MsChapV2Packet.decode(data);
        } catch (MalformedException e) {
            return refuse("the peer's MS-CHAP-V2 packet is malformed");
        }
        return switch (phase) {
            case CHALLENGED ->
                    packet instanceof MsChapV2Packet.Response response && response.id() == id
                            ? judge(response)
                            : refuse("the peer did not answer the MS-CHAP-V2 challenge");
            case SUCCEEDED ->
                    packet instanceof MsChapV2Packet.Success
                            ? succeed()
                            : refuse("the peer does not take our MS-CHAP-V2 success");
            case FAILED -> refuse(failure);
            case NEW, ENDED -> refuse("no MS-CHAP-V2 response is due");
        };
    }

    private MethodStep succeed() {
        Proven proven = outcome;
        outcome = null;
        phase = Phase.ENDED;
        return proven == null ? refuse("MS-CHAP-V2 has made no key") : proven;
    }

    /// A user that does not exist costs and gets what a wrong password does.
    private MethodStep judge(MsChapV2Packet.Response response) {
        String name = response.name();
        byte[] hash = MsChapV2.challengeHash(response.peerChallenge(), challenge, name);
        try (SecretBytes password = passwords.of(name);
                SecretBytes passwordHash =
                        MsChapV2.passwordHash(password == null ? nobody : password)) {
            byte[] expected = MsChapV2.ntResponse(passwordHash, hash);
            if (!MessageDigest.isEqual(expected, response.ntResponse()) || password == null) {
                phase = Phase.FAILED;
                failure =
                        password == null
                                ? "there is no such user: " + name
                                : "wrong password of " + name;
                return new Send(new MsChapV2Packet.Failure(id, wrongPassword(challenge)).encode());
            }
            phase = Phase.SUCCEEDED;
            outcome =
                    new Proven(
                            MsChapV2.masterSessionKey(passwordHash, response.ntResponse()),
                            name,
                            null);
            String proof =
                    MsChapV2.authenticatorResponse(passwordHash, response.ntResponse(), hash);
            return new Send(new MsChapV2Packet.Success(id, proof + " M=Welcome").encode());
        }
    }

    /// ERROR_AUTHENTICATION_FAILURE, no other try (RFC 2759 section 6).
    private static String wrongPassword(byte[] challenge) {
        return "E=691 R=0 C=" + Octets.of(challenge).hex() + " V=3 M=Authentication failed";
    }

    private Refused refuse(String reason) {
        close();
        return new Refused(reason);
    }

    @Override
    public void close() {
        phase = Phase.ENDED;
        nobody.close();
        if (outcome != null) {
            outcome.msk().close();
            outcome = null;
        }
    }
}
