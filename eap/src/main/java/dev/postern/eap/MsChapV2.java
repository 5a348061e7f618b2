package dev.postern.eap;

import dev.postern.crypto.Hash;
import dev.postern.crypto.SecretBytes;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// The computations of MS-CHAP-V2, RFC 2759 section 8, and of its keys, RFC 3079 section 3.
final class MsChapV2 {
    static final int CHALLENGE_LENGTH = 16;
    static final int NT_RESPONSE_LENGTH = 24;

    private static final byte[] SIGNING = ascii("Magic server to client signing constant");
    private static final byte[] ITERATION = ascii("Pad to make it do more than one iteration");
    private static final byte[] MASTER_KEY = ascii("This is the MPPE Master Key");
    private static final byte[] CLIENT_SENDS =
            ascii(
                    "On the client side, this is the send key; on the server side, it is the"
                            + " receive key.");
    private static final byte[] SERVER_SENDS =
            ascii(
                    "On the client side, this is the receive key; on the server side, it is the"
                            + " send key.");
    private static final int PAD_LENGTH = 40;
    private static final byte PAD_2 = (byte) 0xf2;
    private static final int KEY_LENGTH = 16;
    private static final int MSK_LENGTH = 64;

    private MsChapV2() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// NtPasswordHash of a password in UTF-8.
    static SecretBytes passwordHash(SecretBytes password) {
        CharBuffer characters = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(password.expose()));
        byte[] unicode = new byte[2 * characters.length()];
        for (int i = 0; i < characters.length(); i++) {
            unicode[2 * i] = (byte) characters.charAt(i);
            unicode[2 * i + 1] = (byte) (characters.charAt(i) >>> 8);
        }
        byte[] hash = Md4.digest(unicode);
        Arrays.fill(unicode, (byte) 0);
        Arrays.fill(characters.array(), '\0');
        return SecretBytes.owning(hash);
    }

    /// ChallengeHash: the first 8 octets over both challenges and the user's name without its
    /// domain.
    static byte[] challengeHash(byte[] peerChallenge, byte[] serverChallenge, String name) {
        String user = name.substring(name.lastIndexOf('\\') + 1);
        byte[] digest =
                Hash.SHA_1.digest(
                        peerChallenge, serverChallenge, user.getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(digest, 8);
    }

    /// NT-Response: the challenge hash under three DES keys cut from the password's hash.
    static byte[] ntResponse(SecretBytes passwordHash, byte[] challengeHash) {
        byte[] padded = Arrays.copyOf(passwordHash.expose(), 21);
        byte[] response = new byte[NT_RESPONSE_LENGTH];
        for (int i = 0; i < 3; i++) {
            byte[] part = des(padded, 7 * i, challengeHash);
            System.arraycopy(part, 0, response, 8 * i, 8);
        }
        Arrays.fill(padded, (byte) 0);
        return response;
    }

    private static byte[] des(byte[] key, int at, byte[] block) {
        byte[] spread = new byte[8];
        long bits = 0;
        for (int i = 0; i < 7; i++) {
            bits = bits << 8 | (key[at + i] & 0xff);
        }
        for (int i = 0; i < 8; i++) {
            // Seven bits of the key, then a parity bit that nobody looks at.
            spread[i] = (byte) (((bits >>> (49 - 7 * i)) & 0x7f) << 1);
        }
        try {
            Cipher cipher = Cipher.getInstance("DES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(spread, "DES"));
            return cipher.doFinal(block);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no DES, which MS-CHAP-V2 is", e);
        } finally {
            Arrays.fill(spread, (byte) 0);
        }
    }

    /// GenerateAuthenticatorResponse: `S=` and 40 hexadecimal digits, by which the server proves
    /// that it knows the password too.
    static String authenticatorResponse(
            SecretBytes passwordHash, byte[] ntResponse, byte[] challengeHash) {
        byte[] hashHash = Md4.digest(passwordHash.expose());
        byte[] inner = Hash.SHA_1.digest(hashHash, ntResponse, SIGNING);
        byte[] digest = Hash.SHA_1.digest(inner, challengeHash, ITERATION);
        Arrays.fill(hashHash, (byte) 0);
        return "S=" + HexFormat.of().formatHex(digest).toUpperCase(Locale.ROOT);
    }

    /// The MSK: the server's receive key, its send key, and zeros.
    static SecretBytes masterSessionKey(SecretBytes passwordHash, byte[] ntResponse) {
        byte[] hashHash = Md4.digest(passwordHash.expose());
        byte[] digest = Hash.SHA_1.digest(hashHash, ntResponse, MASTER_KEY);
        byte[] master = Arrays.copyOf(digest, KEY_LENGTH);
        byte[] msk = new byte[MSK_LENGTH];
        byte[] receive = startKey(master, CLIENT_SENDS);
        byte[] send = startKey(master, SERVER_SENDS);
        System.arraycopy(receive, 0, msk, 0, KEY_LENGTH);
        System.arraycopy(send, 0, msk, KEY_LENGTH, KEY_LENGTH);
        for (byte[] secret : new byte[][] {hashHash, digest, master, receive, send}) {
            Arrays.fill(secret, (byte) 0);
        }
        return SecretBytes.owning(msk);
    }

    /// GetAsymmetricStartKey of RFC 3079 section 3.3, for keys of 128 bits.
    static byte[] startKey(byte[] master, byte[] direction) {
        byte[] pad2 = new byte[PAD_LENGTH];
        Arrays.fill(pad2, PAD_2);
        byte[] digest = Hash.SHA_1.digest(master, new byte[PAD_LENGTH], direction, pad2);
        byte[] key = Arrays.copyOf(digest, KEY_LENGTH);
        Arrays.fill(digest, (byte) 0);
        return key;
    }
}
