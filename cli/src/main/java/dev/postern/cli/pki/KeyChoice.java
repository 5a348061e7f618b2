package dev.postern.cli.pki;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.stream.Collectors;

/// The kinds of keys that can be made.
enum KeyChoice {
    P256("EC", "secp256r1", 0),
    P384("EC", "secp384r1", 0),
    ED25519("Ed25519", "", 0),
    RSA2048("RSA", "", 2_048),
    RSA3072("RSA", "", 3_072),
    RSA4096("RSA", "", 4_096);

    private final String algorithm;
    private final String curve;
    private final int bits;

    KeyChoice(String algorithm, String curve, int bits) {
        this.algorithm = algorithm;
        this.curve = curve;
        this.bits = bits;
    }

    /// By the words of the option.
    static final class Converter implements ITypeConverter<KeyChoice> {
        @Override
        public KeyChoice convert(String value) {
            for (KeyChoice each : values()) {
                if (each.word().equals(value)) {
                    return each;
                }
            }
            throw new TypeConversionException(
                    "\""
                            + value
                            + "\" cannot be used; legal is "
                            + Arrays.stream(values())
                                    .map(KeyChoice::word)
                                    .collect(Collectors.joining(", ")));
        }
    }

    private String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (!curve.isEmpty()) {
                generator.initialize(new ECGenParameterSpec(curve));
            } else if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a JDK without " + this, e);
        }
    }
}
