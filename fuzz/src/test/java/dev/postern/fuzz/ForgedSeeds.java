package dev.postern.fuzz;

import dev.postern.wire.NotifyType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/// Seeds of [EndpointFuzz] in which messages are made up where they are due: answers to a client
/// that waits for IKE_SA_INIT, for a resume or for IKE_AUTH, and requests and answers that are
/// authentic and should not be.
final class ForgedSeeds {
    private static final byte[] HANDSHAKE = {11, 0, 0, 0, 0, 14, 0, 0, 0, 0, 0, 14, 0, 0, 0};
    private static final int NOTIFY = 41;
    private static final int DELETE = 42;
    private static final int SA = 33;
    private static final int TO_IKE_SA_INIT = Forger.TO_CLIENT | Forger.RESPONSE;

    private ForgedSeeds() {}

    static void write() throws IOException {
        byte[] initiate = {11};
        for (NotifyType said :
                new NotifyType[] {
                    NotifyType.NO_PROPOSAL_CHOSEN,
                    NotifyType.INVALID_SYNTAX,
                    NotifyType.INVALID_IKE_SPI,
                    NotifyType.COOKIE,
                    NotifyType.PUZZLE
                }) {
            String name = "init-" + said.name().toLowerCase(Locale.ROOT).replace('_', '-');
            program(name, initiate, forged(TO_IKE_SA_INIT, NOTIFY, notify(said, new byte[8])));
        }
        byte[] group = notify(NotifyType.INVALID_KE_PAYLOAD, new byte[] {0, 31});
        program("init-invalid-ke", initiate, forged(TO_IKE_SA_INIT, NOTIFY, group));
        byte[] elsewhere = {1, 4, (byte) 192, 0, 2, 9};
        byte[] redirect = notify(NotifyType.REDIRECT, elsewhere);
        program("init-redirect", initiate, forged(TO_IKE_SA_INIT, NOTIFY, redirect));
        byte[] resume = {12};
        byte[] nack = notify(NotifyType.TICKET_NACK, new byte[0]);
        program("resume-nack", HANDSHAKE, resume, forged(TO_IKE_SA_INIT, NOTIFY, nack));
        byte[] failed = notify(NotifyType.AUTHENTICATION_FAILED, new byte[0]);
        byte[] awaitingAuth = {11, 0, 0};
        program("auth-failed", awaitingAuth, forged(TO_IKE_SA_INIT, NOTIFY, failed));
        writeAuthentic(failed);
    }

    private static void writeAuthentic(byte[] failed) throws IOException {
        byte[] delete = {0, 0, 0, 8, 1, 0, 0, 0};
        program("authentic-delete", HANDSHAKE, forged(Forger.AUTHENTIC, DELETE, delete));
        int toClient = Forger.AUTHENTIC | Forger.TO_CLIENT;
        program("authentic-delete-of-the-gateway", HANDSHAKE, forged(toClient, DELETE, delete));
        program("authentic-rekey", HANDSHAKE, rekey());
        byte[] rekeys = {13, 1};
        byte[] answer = forged(toClient | Forger.RESPONSE, NOTIFY, failed);
        program("authentic-answer", HANDSHAKE, rekeys, create(answer));
        byte[] asksForTicket = {13, 2};
        program("authentic-ticket", HANDSHAKE, asksForTicket, answer);
        byte[] goes = notify(NotifyType.REDIRECT, new byte[] {1, 4, (byte) 192, 0, 2, 9});
        program("authentic-redirect", HANDSHAKE, forged(toClient, NOTIFY, goes));
    }

    /// A request of IKE_SA_INIT's SA for a new IKE SA, with a nonce and a public value.
    private static byte[] rekey() {
        byte[] proposal = {
            34,
            0,
            0,
            44,
            0,
            0,
            0,
            40,
            1,
            1,
            8,
            3,
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8, //
            3,
            0,
            0,
            12,
            1,
            0,
            0,
            20,
            (byte) 0x80,
            14,
            1,
            0, //
            3,
            0,
            0,
            8,
            2,
            0,
            0,
            5, //
            0,
            0,
            0,
            8,
            4,
            0,
            0,
            31
        };
        proposal[3] = (byte) proposal.length;
        proposal[7] = (byte) (proposal.length - 4);
        byte[] publicValue = new byte[40];
        publicValue[0] = 40;
        publicValue[3] = 40;
        publicValue[5] = 31;
        publicValue[8] = 9;
        byte[] nonce = new byte[36];
        Arrays.fill(nonce, (byte) 5);
        nonce[0] = 0;
        nonce[1] = 0;
        nonce[2] = 0;
        nonce[3] = 36;
        byte[] chain = join(proposal, publicValue, nonce);
        return create(forged(Forger.AUTHENTIC, SA, chain));
    }

    /// The same in CREATE_CHILD_SA.
    private static byte[] create(byte[] forged) {
        byte[] other = forged.clone();
        other[1] |= Forger.OTHER_EXCHANGE;
        other[2] = 2;
        return other;
    }

    private static byte[] forged(int how, int first, byte[] chain) {
        byte[] head = {(byte) (EndpointFuzz.FORGED + 15), (byte) how, 0, (byte) first, 0};
        head[4] = (byte) chain.length;
        return join(head, chain);
    }

    private static byte[] notify(NotifyType type, byte[] data) {
        byte[] payload = Arrays.copyOf(new byte[0], 8 + data.length);
        payload[3] = (byte) payload.length;
        payload[6] = (byte) (type.code() >>> 8);
        payload[7] = (byte) type.code();
        System.arraycopy(data, 0, payload, 8, data.length);
        return payload;
    }

    private static void program(String name, byte[]... parts) throws IOException {
        SeedRecorder.write(EndpointFuzz.class, "anySequence", name, join(parts));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
