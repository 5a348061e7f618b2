package dev.postern.ike.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.ike.Effect;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.KeyLogEntry;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The key schedule of the profile, computed a second time from its text with nothing but the
/// platform's hash, MAC and cipher. The suite is AES-256-GCM with PRF-HMAC-SHA2-384.
class Section_Keys_FromTheText {
    private static final int PRF = 48;
    private static final int KEY_AND_SALT = 36;

    private final Resumption r = new Resumption(17);

    // ---- the text's own words ----

    private static byte[] prf(byte[] key, byte[]... data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA384");
            mac.init(new SecretKeySpec(key, "HmacSHA384"));
            for (byte[] part : data) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// prf+ of RFC 7296 section 2.13.
    private static byte[] prfPlus(byte[] key, int length, byte[]... seed) {
        ByteBuffer out = ByteBuffer.allocate(length + PRF);
        byte[] all = join(seed);
        byte[] t = new byte[0];
        for (int i = 1; out.position() < length; i++) {
            t = prf(key, t, all, new byte[] {(byte) i});
            out.put(t);
        }
        return Arrays.copyOf(out.array(), length);
    }

    private static byte[] join(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static byte[] sha384(byte[]... parts) {
        try {
            return MessageDigest.getInstance("SHA-384").digest(join(parts));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// Length in four octets, then the field.
    private static byte[] v(byte[] field) {
        return ByteBuffer.allocate(4 + field.length).putInt(field.length).put(field).array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] spi(long spi) {
        return ByteBuffer.allocate(8).putLong(spi).array();
    }

    private static byte[] octet(int value) {
        return new byte[] {(byte) value};
    }

    private static byte[] cut(byte[] all, int from, int length) {
        return Arrays.copyOfRange(all, from, from + length);
    }

    /// Opens a message by hand: IV and text follow SK's generic header, which ends the associated
    /// data (RFC 5282 section 5.1).
    private static byte[] decrypt(Datagram datagram, byte[] keyAndSalt) {
        byte[] octets = datagram.octets();
        Payload.Encrypted sk = datagram.message().encrypted();
        assertThat(sk).isNotNull();
        int body = sk == null ? 0 : sk.bodyOffset();
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            byte[] nonce = join(cut(keyAndSalt, 32, 4), cut(octets, body, 8));
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(cut(keyAndSalt, 0, 32), "AES"),
                    new GCMParameterSpec(128, nonce));
            cipher.updateAAD(octets, 0, body);
            return cipher.doFinal(octets, body + 8, octets.length - body - 8);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("the message does not open under the text's keys", e);
        }
    }

    /// The body of the first payload of a type in a decrypted chain.
    private static byte[] body(byte[] chain, int firstType, int wanted) {
        int type = firstType;
        int position = 0;
        while (type != 0) {
            int length = (chain[position + 2] & 0xff) << 8 | (chain[position + 3] & 0xff);
            if (type == wanted) {
                return cut(chain, position + 4, length - 4);
            }
            type = chain[position] & 0xff;
            position += length;
        }
        throw new AssertionError("no payload " + wanted);
    }

    /// X25519 by the platform alone, with the private key that the client drew.
    private byte[] sharedSecret(byte[] keI, byte[] keR) {
        byte[] base = new byte[32];
        base[0] = 9;
        for (byte[] scalar : r.client().entropy().drawn()) {
            if (Arrays.equals(x25519(scalar, base), cut(keI, 4, 32))) {
                return x25519(scalar, cut(keR, 4, 32));
            }
        }
        throw new AssertionError("KEi belongs to no private key of the client");
    }

    private static byte[] x25519(byte[] scalar, byte[] littleEndianU) {
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = littleEndianU[31 - i];
        }
        bigEndian[0] &= 0x7f;
        try {
            KeyFactory factory = KeyFactory.getInstance("X25519");
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(
                    factory.generatePrivate(
                            new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar)));
            agreement.doPhase(
                    factory.generatePublic(
                            new XECPublicKeySpec(
                                    NamedParameterSpec.X25519, new BigInteger(1, bigEndian))),
                    true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static int firstInner(Datagram datagram) {
        Payload.Encrypted sk = datagram.message().encrypted();
        return sk == null ? 0 : sk.firstInner();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    // ---- what the endpoints did ----

    private record Exchange(Datagram request, Datagram response) {
        Header requestHeader() {
            return request.header();
        }

        Header responseHeader() {
            return response.header();
        }
    }

    private Exchange exchange(int first) {
        List<Datagram> carried = r.world.carried();
        return new Exchange(carried.get(first), carried.get(first + 1));
    }

    /// IDi' and IDr' of RFC 7296 section 2.15: ID type, three octets reserved, data.
    private static byte[] fqdn(String name) {
        return join(new byte[] {2, 0, 0, 0}, ascii(name));
    }

    @Test
    void shOfAFullExchangeCoversBothInitMessagesAndBothIdentities() {
        ResumableSession ticket = r.connect();
        Exchange init = exchange(0);

        byte[] sh =
                sha384(
                        ascii("IKEv2 failover SH"),
                        v(init.request().octets()),
                        v(init.response().octets()),
                        v(fqdn("c07.example")),
                        v(fqdn("gw-a.example")),
                        v(new byte[0]));

        assertThat(ticket.session().sessionHash()).isEqualTo(Octets.of(sh));
        assertThat(Sessions.opened(ticket).sessionHash()).isEqualTo(Octets.of(sh));
    }

    @Test
    void rsIsAsLongAsSkDAndTheSameForClientAndTicketAndIsNotSkD() {
        ResumableSession ticket = r.connect();
        assertThat(ticket.session().secret().length()).isEqualTo(PRF);
        assertThat(ticket.session().secret().equals(Sessions.opened(ticket).secret())).isTrue();
    }

    @Test
    void rsIsDerivedFromSkDAndSh() {
        byte[] skD = hex("11".repeat(PRF));
        byte[] sh = hex("22".repeat(48));
        byte[] rs = prfPlus(skD, PRF, ascii("IKEv2 failover RS"), sh);
        assertThat(
                        dev.postern.ike.sa.ResumptionSecret.derive(
                                        dev.postern.crypto.Prf.HMAC_SHA2_384,
                                        dev.postern.crypto.SecretBytes.copyOf(skD),
                                        Octets.of(sh))
                                .expose())
                .isEqualTo(rs);
    }

    @Test
    void requestAndResponseOpenUnderKeysComputedFromTheText() {
        ResumableSession ticket = r.connect();
        byte[] rs = ticket.session().secret().expose();
        int first = r.world.carried().size();
        r.resume(r.b(), ticket);
        Exchange resume = exchange(first);
        long spiI = resume.requestHeader().spiI();
        long spiR = resume.responseHeader().spiR();

        byte[] requestKey = prfPlus(rs, KEY_AND_SALT, ascii("resume request"), spi(spiI), octet(1));
        byte[] responseKey =
                prfPlus(rs, KEY_AND_SALT, ascii("resume response"), spi(spiI), spi(spiR), octet(1));

        byte[] request = decrypt(resume.request(), requestKey);
        byte[] response = decrypt(resume.response(), responseKey);
        assertThat(body(request, firstInner(resume.request()), 36))
                .as("IDr in the request: the domain, as no gateway was named")
                .isEqualTo(fqdn("vpn.example"));
        assertThat(body(response, firstInner(resume.response()), 36))
                .isEqualTo(fqdn("gw-b.example"));
    }

    @Test
    void theNewIkeSaAndItsChildSaHaveKeysComputedFromTheTextWithoutKeyExchange() {
        checkNewKeys(false);
    }

    @Test
    void theNewIkeSaAndItsChildSaHaveKeysComputedFromTheTextWithKeyExchange() {
        r.settings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        r.bSettings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        checkNewKeys(true);
    }

    private void checkNewKeys(boolean withKeyExchange) {
        ResumableSession ticket = r.connect();
        byte[] rs = ticket.session().secret().expose().clone();
        byte[] oldSh = ticket.session().sessionHash().array();
        int first = r.world.carried().size();
        r.resume(r.b(), ticket);
        Exchange resume = exchange(first);
        long spiI = resume.requestHeader().spiI();
        long spiR = resume.responseHeader().spiR();
        byte[] request =
                decrypt(
                        resume.request(),
                        prfPlus(rs, KEY_AND_SALT, ascii("resume request"), spi(spiI), octet(1)));
        byte[] response =
                decrypt(
                        resume.response(),
                        prfPlus(
                                rs,
                                KEY_AND_SALT,
                                ascii("resume response"),
                                spi(spiI),
                                spi(spiR),
                                octet(1)));
        int requestFirst = firstInner(resume.request());
        int responseFirst = firstInner(resume.response());
        byte[] ni = body(request, requestFirst, 40);
        byte[] nr = body(response, responseFirst, 40);
        byte[] keI = withKeyExchange ? body(request, requestFirst, 34) : new byte[0];
        byte[] keR = withKeyExchange ? body(response, responseFirst, 34) : new byte[0];
        byte[] shared = withKeyExchange ? sharedSecret(keI, keR) : new byte[0];

        byte[] skeyseed =
                prf(rs, ascii("resume SKEYSEED"), octet(withKeyExchange ? 1 : 0), shared, ni, nr);
        byte[] keymat = prfPlus(skeyseed, 3 * PRF + 2 * KEY_AND_SALT, ni, nr, spi(spiI), spi(spiR));
        byte[] skD = cut(keymat, 0, PRF);
        byte[] skEi = cut(keymat, PRF, KEY_AND_SALT);

        Datagram confirmation = r.world.carried().get(first + 2);
        assertThat(decrypt(confirmation, skEi)).as("an empty INFORMATIONAL").containsExactly(0);
        byte[] childKeys = prfPlus(skD, 2 * KEY_AND_SALT, ni, nr);
        ChildSaInstallation child = r.client().installed().getLast();
        assertThat(child.outboundKey().expose()).isEqualTo(cut(childKeys, 0, KEY_AND_SALT));
        assertThat(child.inboundKey().expose())
                .isEqualTo(cut(childKeys, KEY_AND_SALT, KEY_AND_SALT));

        byte[] sh =
                sha384(
                        ascii("IKEv2 failover SH resume"),
                        oldSh,
                        spi(spiI),
                        spi(spiR),
                        octet(1),
                        ni,
                        nr,
                        v(keI),
                        v(keR),
                        v(fqdn("c07.example")),
                        v(fqdn("gw-b.example")));
        ResumableSession next = r.client().lastTicket();
        assertThat(next.session().sessionHash()).isEqualTo(Octets.of(sh));
        assertThat(next.session().secret().expose())
                .isEqualTo(prfPlus(skD, PRF, ascii("IKEv2 failover RS"), sh));
        assertThat(Sessions.opened(next).secret().equals(next.session().secret())).isTrue();
    }

    @Test
    void eachAttemptHasKeysOfItsOwn() {
        ResumableSession ticket = r.connect();
        r.world.setFate(_ -> List.of());
        r.begin(r.b(), ticket);
        Datagram one = r.world.carried().getLast();
        r.begin(r.b(), ticket);
        Datagram two = r.world.carried().getLast();
        byte[] rs = ticket.session().secret().expose();

        assertThat(one.header().spiI()).isNotEqualTo(two.header().spiI());
        for (Datagram attempt : List.of(one, two)) {
            byte[] key =
                    prfPlus(
                            rs,
                            KEY_AND_SALT,
                            ascii("resume request"),
                            spi(attempt.header().spiI()),
                            octet(1));
            assertThat(decrypt(attempt, key)).isNotEmpty();
        }
    }

    /// Of a refused request and its answer too: no bit but those of the chooser's member number is
    /// the same in all of them.
    @Test
    void spisHave56RandomBits() {
        ResumableSession ticket = r.connect();
        r.world.setFate(_ -> List.of());
        long alwaysSetI = -1;
        long everSetI = 0;
        long alwaysSetR = -1;
        long everSetR = 0;
        for (int i = 0; i < 64; i++) {
            r.begin(r.b(), ticket);
            long spiI = r.world.carried().getLast().header().spiI();
            alwaysSetI &= spiI;
            everSetI |= spiI;
            long spiR = r.byHand(ticket, 1 + i).send(r.world, r.b()).getFirst().header().spiR();
            alwaysSetR &= spiR;
            everSetR |= spiR;
        }
        assertThat(Long.bitCount(everSetI & ~alwaysSetI)).isGreaterThanOrEqualTo(56);
        assertThat(Long.bitCount(everSetR & ~alwaysSetR)).isGreaterThanOrEqualTo(56);
    }

    @Test
    void noKeyAndNonceComeTwiceInALongLife() {
        r.settings.logsKeys = true;
        r.aSettings.logsKeys = true;
        r.bSettings.logsKeys = true;
        ResumableSession ticket = r.connect();
        for (int i = 0; i < 6; i++) {
            r.resume(i % 2 == 0 ? r.b() : r.a(), ticket);
            ticket = r.client().lastTicket();
        }
        List<String> sealed = new ArrayList<>();
        for (Node node : List.of(r.client(), r.a(), r.b())) {
            for (Effect effect : node.effects()) {
                if (effect instanceof Effect.LogKeys log
                        && log.entry() instanceof KeyLogEntry.IkeKeysEntry entry) {
                    assertThat(entry.encryption()).isEqualTo(EncryptionAlgorithm.AES_GCM_16_256);
                    sealed.add(HexFormat.of().formatHex(entry.skEi().expose()));
                    sealed.add(HexFormat.of().formatHex(entry.skEr().expose()));
                }
            }
        }
        // Every message: which of the logged keys opens it, and with which IV.
        List<String> uses = new ArrayList<>();
        for (Datagram datagram : r.world.carried()) {
            Message message = datagram.message();
            if (message.encrypted() != null) {
                String key = openingKey(datagram, sealed);
                int body = message.encrypted().bodyOffset();
                uses.add(key + HexFormat.of().formatHex(cut(datagram.octets(), body, 8)));
            }
        }
        assertThat(uses).hasSizeGreaterThan(20).doesNotHaveDuplicates();
    }

    private static String openingKey(Datagram datagram, List<String> keys) {
        for (String key : keys) {
            if (opens(datagram, hex(key))) {
                return key;
            }
        }
        throw new AssertionError("a message is under a key that was not logged");
    }

    private static boolean opens(Datagram datagram, byte[] keyAndSalt) {
        try {
            decrypt(datagram, keyAndSalt);
            return true;
        } catch (AssertionError another) {
            return false;
        }
    }

    @Test
    void aTicketHoldsNeitherSkDNorAnyKeyOfTheIkeSaThatMadeIt() {
        r.settings.logsKeys = true;
        ResumableSession ticket = r.connect();
        byte[] rs = ticket.session().secret().expose();
        for (Effect effect : r.client().effects()) {
            if (effect instanceof Effect.LogKeys log
                    && log.entry() instanceof KeyLogEntry.IkeKeysEntry entry) {
                assertThat(contains(rs, cut(entry.skEi().expose(), 0, 16))).isFalse();
                assertThat(contains(rs, cut(entry.skEr().expose(), 0, 16))).isFalse();
            }
        }
    }

    private static boolean contains(byte[] all, byte[] part) {
        for (int i = 0; i + part.length <= all.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
