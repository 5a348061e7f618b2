package dev.postern.ike.negotiate;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.crypto.KeyExchangeMethod;
import dev.postern.crypto.Prf;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Suites in the words that operators know: `aes256gcm16-prfsha384-x25519`,
/// `aes128-sha256-modp2048`, `aes256gcm16-prfsha384-x25519-mlkem768` (a second and further key
/// exchanges are additional ones, RFC 9370), and for ESP `aes256gcm16` or `aes256gcm16-noesn`.
public final class SuiteNames {
    private static final Map<String, EncryptionAlgorithm> ENCRYPTION = new LinkedHashMap<>();
    private static final Map<String, IntegrityAlgorithm> INTEGRITY = new LinkedHashMap<>();
    private static final Map<String, Prf> PRF = new LinkedHashMap<>();
    private static final Map<String, KeyExchangeMethod> KEY_EXCHANGE = new LinkedHashMap<>();

    static {
        ENCRYPTION.put("aes128gcm16", EncryptionAlgorithm.AES_GCM_16_128);
        ENCRYPTION.put("aes256gcm16", EncryptionAlgorithm.AES_GCM_16_256);
        ENCRYPTION.put("chacha20poly1305", EncryptionAlgorithm.CHACHA20_POLY1305);
        ENCRYPTION.put("aes128", EncryptionAlgorithm.AES_CBC_128);
        ENCRYPTION.put("aes256", EncryptionAlgorithm.AES_CBC_256);
        INTEGRITY.put("sha256", IntegrityAlgorithm.HMAC_SHA2_256_128);
        INTEGRITY.put("sha384", IntegrityAlgorithm.HMAC_SHA2_384_192);
        INTEGRITY.put("sha512", IntegrityAlgorithm.HMAC_SHA2_512_256);
        PRF.put("prfsha256", Prf.HMAC_SHA2_256);
        PRF.put("prfsha384", Prf.HMAC_SHA2_384);
        PRF.put("prfsha512", Prf.HMAC_SHA2_512);
        KEY_EXCHANGE.put("x25519", KeyExchangeMethod.X25519);
        KEY_EXCHANGE.put("curve25519", KeyExchangeMethod.X25519);
        KEY_EXCHANGE.put("ecp256", KeyExchangeMethod.ECP_256);
        KEY_EXCHANGE.put("ecp384", KeyExchangeMethod.ECP_384);
        KEY_EXCHANGE.put("modp2048", KeyExchangeMethod.MODP_2048);
        KEY_EXCHANGE.put("mlkem512", KeyExchangeMethod.ML_KEM_512);
        KEY_EXCHANGE.put("mlkem768", KeyExchangeMethod.ML_KEM_768);
        KEY_EXCHANGE.put("mlkem1024", KeyExchangeMethod.ML_KEM_1024);
    }

    private SuiteNames() {}

    /// @throws IllegalArgumentException with the word that was not understood and the words that
    ///   are
    public static IkeSuite ikeSuite(String name) {
        EncryptionAlgorithm encryption = null;
        IntegrityAlgorithm integrity = null;
        Prf prf = null;
        List<KeyExchangeMethod> keyExchanges = new ArrayList<>();
        for (String word : name.trim().toLowerCase(Locale.ROOT).split("-", -1)) {
            if (ENCRYPTION.containsKey(word) && encryption == null) {
                encryption = ENCRYPTION.get(word);
            } else if (INTEGRITY.containsKey(word) && integrity == null) {
                integrity = INTEGRITY.get(word);
            } else if (PRF.containsKey(word) && prf == null) {
                prf = PRF.get(word);
            } else if (KEY_EXCHANGE.containsKey(word)
                    && !keyExchanges.contains(KEY_EXCHANGE.get(word))
                    && keyExchanges.size() <= IkeSuite.MAXIMUM_ADDITIONAL) {
                keyExchanges.add(KEY_EXCHANGE.get(word));
            } else {
                throw new IllegalArgumentException(
                        "\""
                                + word
                                + "\" in \""
                                + name
                                + "\" is unknown or stands twice; known are "
                                + String.join(", ", ENCRYPTION.keySet())
                                + "; "
                                + String.join(", ", INTEGRITY.keySet())
                                + "; "
                                + String.join(", ", PRF.keySet())
                                + "; "
                                + String.join(", ", KEY_EXCHANGE.keySet()));
            }
        }
        if (encryption == null || keyExchanges.isEmpty()) {
            throw new IllegalArgumentException(
                    "\""
                            + name
                            + "\" names no "
                            + (encryption == null ? "encryption" : "key exchange")
                            + "; wanted is for example aes256gcm16-prfsha384-x25519");
        }
        if (encryption.isAead() != (integrity == null)) {
            throw new IllegalArgumentException(
                    "\""
                            + name
                            + "\": "
                            + (encryption.isAead()
                                    ? "an AEAD takes no separate integrity algorithm, write"
                                            + " prfsha256 for the PRF"
                                    : "AES-CBC needs an integrity algorithm, for example"
                                            + " aes128-sha256-x25519"));
        }
        IntegrityAlgorithm chosenIntegrity =
                integrity == null ? IntegrityAlgorithm.NONE : integrity;
        return new IkeSuite(
                encryption,
                chosenIntegrity,
                prf == null ? prfFor(chosenIntegrity) : prf,
                keyExchanges.getFirst(),
                keyExchanges.subList(1, keyExchanges.size()));
    }

    /// @throws IllegalArgumentException with the word that was not understood and the words that
    ///   are
    public static EspSuite espSuite(String name) {
        EncryptionAlgorithm encryption = null;
        @Nullable Boolean esn = null;
        for (String word : name.trim().toLowerCase(Locale.ROOT).split("-", -1)) {
            EncryptionAlgorithm named = ENCRYPTION.get(word);
            if (named != null && named.isAead() && encryption == null) {
                encryption = named;
            } else if ((word.equals("esn") || word.equals("noesn")) && esn == null) {
                esn = word.equals("esn");
            } else {
                throw new IllegalArgumentException(
                        "\""
                                + word
                                + "\" in \""
                                + name
                                + "\" is unknown for ESP or stands twice; known are aes128gcm16,"
                                + " aes256gcm16, chacha20poly1305, with -esn or -noesn");
            }
        }
        if (encryption == null) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" names no encryption; wanted is for example aes256gcm16");
        }
        return new EspSuite(encryption, esn != null && esn);
    }

    static String name(IkeSuite suite) {
        String integrity =
                suite.integrity() == IntegrityAlgorithm.NONE
                        ? ""
                        : "-" + word(INTEGRITY, suite.integrity());
        return word(ENCRYPTION, suite.encryption())
                + integrity
                + "-"
                + word(PRF, suite.prf())
                + "-"
                + word(KEY_EXCHANGE, suite.keyExchange())
                + suite.additional().stream()
                        .map(method -> "-" + word(KEY_EXCHANGE, method))
                        .collect(Collectors.joining());
    }

    static String name(EspSuite suite) {
        return word(ENCRYPTION, suite.encryption())
                + (suite.extendedSequenceNumbers() ? "-esn" : "-noesn");
    }

    private static Prf prfFor(IntegrityAlgorithm integrity) {
        return switch (integrity) {
            case NONE, HMAC_SHA2_256_128 -> Prf.HMAC_SHA2_256;
            case HMAC_SHA2_384_192 -> Prf.HMAC_SHA2_384;
            case HMAC_SHA2_512_256 -> Prf.HMAC_SHA2_512;
        };
    }

    private static <A> String word(Map<String, A> words, A algorithm) {
        for (Map.Entry<String, A> entry : words.entrySet()) {
            if (entry.getValue().equals(algorithm)) {
                return entry.getKey();
            }
        }
        return String.valueOf(algorithm);
    }
}
