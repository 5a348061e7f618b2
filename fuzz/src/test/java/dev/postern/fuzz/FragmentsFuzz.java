package dev.postern.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.PayloadCipher;
import dev.postern.ike.sa.IvSequence;
import dev.postern.ike.sa.Reassembly;
import dev.postern.ike.sa.Reassembly.Fate;
import dev.postern.ike.sa.SkProtection;
import dev.postern.ike.sa.SkfProtection;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.Payload;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Fragments of a message (RFC 7383), from a peer that has the keys and from whoever has not, in
/// any order, of any numbers.
final class FragmentsFuzz {
    private static final int MOST_FRAGMENTS = 64;
    private static final int SK_HEADER = 4;
    private static final Header HEADER =
            new Header(0x0102, 0x0304, ExchangeType.IKE_AUTH, true, false, 1);

    private final PayloadCipher keys = cipher(1);
    private final PayloadCipher others = cipher(2);
    private final IvSequence ivs = new IvSequence(new IvPrefix(1, 0));
    private final CountingEntropy entropy = new CountingEntropy(5);

    /// What must have been kept: a section of the RFC read a second time, with no cipher in it.
    private final Map<Integer, byte[]> kept = new TreeMap<>();

    private int keptTotal;
    private int joined;
    private Reassembly reassembly = new Reassembly(HEADER, 1, 0);

    private static PayloadCipher cipher(int seed) {
        EncryptionAlgorithm gcm = EncryptionAlgorithm.AES_GCM_16_128;
        byte[] key = new CountingEntropy(seed).octets(gcm.keyMaterialLength());
        return PayloadCipher.of(gcm, IntegrityAlgorithm.NONE, key, new byte[0]);
    }

    /// Each fragment is an octet that says who made it and what the first payload is, its number,
    /// the total (in 4ths for large ones), an octet of length and its piece.
    @FuzzTest
    void fragments(byte[] program) {
        run(program);
    }

    /// @return how many messages were complete and made sense
    int run(byte[] program) {
        joined = 0;
        kept.clear();
        keptTotal = 1;
        reassembly = new Reassembly(HEADER, 1, 0);
        int at = 0;
        for (int i = 0; i < MOST_FRAGMENTS && at + 4 <= program.length; i++) {
            int maker = Byte.toUnsignedInt(program[at]);
            int number = Byte.toUnsignedInt(program[at + 1]);
            int total = Byte.toUnsignedInt(program[at + 2]) * ((maker & 4) == 0 ? 1 : 4);
            int length = Math.min(Byte.toUnsignedInt(program[at + 3]), program.length - at - 4);
            byte[] piece = Arrays.copyOfRange(program, at + 4, at + 4 + length);
            at += 4 + length;
            boolean authentic = maker % 4 < 2;
            byte[] datagram =
                    SkfProtection.seal(
                            HEADER,
                            number == 1 ? maker >>> 3 : 0,
                            number,
                            total,
                            piece,
                            maker % 4 == 2 ? others : keys,
                            ivs,
                            entropy);
            if (maker % 4 == 3) {
                int changed = Header.LENGTH + Math.floorMod(maker * 7, datagram.length - 28);
                datagram[changed] ^= (byte) (maker | 1);
            }
            take(datagram, authentic, number, total, piece);
        }
        return joined;
    }

    private void take(byte[] datagram, boolean authentic, int number, int total, byte[] piece) {
        Message message;
        try {
            message = MessageCodec.decode(datagram);
        } catch (MalformedException e) {
            // Section 2.5: "Fragment Number MUST be less than or equal to Total Fragments".
            assertThat(authentic && number > 0 && number <= total).isFalse();
            return;
        }
        Payload.EncryptedFragment skf = message.fragment();
        if (skf == null) {
            assertThat(authentic).isFalse();
            return;
        }
        Fate fate = reassembly.add(message, skf, keys);
        assertThat(reassembly.cost())
                .isLessThan(Reassembly.MAXIMUM_OCTETS + 65L * (Reassembly.MAXIMUM_FRAGMENTS + 1));
        if (authentic) {
            assertThat(fate).isEqualTo(expected(number, total, piece));
        } else {
            assertThat(fate).isIn(Fate.UNWANTED, Fate.NOT_AUTHENTIC);
        }
        if (fate == Fate.COMPLETE) {
            compare(reassembly.join());
            kept.clear();
            keptTotal = 1;
            reassembly = new Reassembly(HEADER, 1, 0);
        }
    }

    /// Section 2.6: of an older set or not new: dropped; of a larger total: all before is
    /// forgotten.
    private Fate expected(int number, int total, byte[] piece) {
        if (total > Reassembly.MAXIMUM_FRAGMENTS
                || total < keptTotal
                || (total == keptTotal && kept.containsKey(number))) {
            return Fate.UNWANTED;
        }
        if (total > keptTotal) {
            kept.clear();
            keptTotal = total;
        }
        kept.put(number, piece);
        return kept.size() == total ? Fate.COMPLETE : Fate.KEPT;
    }

    /// The pieces in the order of their numbers, behind the clear part.
    private void compare(SkProtection.Opened opened) {
        switch (opened) {
            case SkProtection.Opened.Authentic authentic -> {
                joined++;
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                kept.values().forEach(text::writeBytes);
                byte[] message = authentic.unprotected();
                assertThat(Arrays.copyOfRange(message, Header.LENGTH + SK_HEADER, message.length))
                        .isEqualTo(text.toByteArray());
            }
            case SkProtection.Opened.AuthenticButMalformed malformed ->
                    assertThat(malformed.malformation()).isNotNull();
            case SkProtection.Opened.Forged _ ->
                    throw new AssertionError("fragments that have verified are a forgery");
        }
    }
}
