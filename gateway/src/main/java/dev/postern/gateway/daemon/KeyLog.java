package dev.postern.gateway.daemon;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IntegrityAlgorithm;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.sa.KeyLogEntry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;

/// Session keys for Wireshark, only where the operator asks for them: `ikev2_decryption_table` and
/// `esp_sa` in the formats that Wireshark reads from its profile folder. A resume's response has
/// the SPIs of the IKE SA that follows and keys of its own, and Wireshark keeps one entry per SPI
/// pair: those keys go to `resume-responses/ikev2_decryption_table`, a second profile.
///
/// Files are readable by their owner only. Whoever reads them reads the traffic.
final class KeyLog {
    private static final Logger LOG = LoggerFactory.getLogger(KeyLog.class);
    private static final String TABLE = "ikev2_decryption_table";

    private final Path directory;

    /// @throws IOException where the directory cannot be made
    KeyLog(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory.resolve("resume-responses"));
        LOG.warn("session keys are written to {}: whoever reads them reads the traffic", directory);
    }

    void write(KeyLogEntry entry) {
        try {
            switch (entry) {
                case KeyLogEntry.IkeKeysEntry ike -> {
                    Path folder =
                            ike.resumeResponse()
                                    ? directory.resolve("resume-responses")
                                    : directory;
                    append(folder.resolve(TABLE), line(ike));
                }
                case KeyLogEntry.EspKeyEntry esp -> append(directory.resolve("esp_sa"), line(esp));
            }
        } catch (IOException e) {
            LOG.error("cannot write the key log in {}: {}", directory, e.toString());
        }
    }

    private static String line(KeyLogEntry.IkeKeysEntry entry) {
        return String.join(
                ",",
                HexFormat.of().toHexDigits(entry.spiI()),
                HexFormat.of().toHexDigits(entry.spiR()),
                hex(entry.skEi()),
                hex(entry.skEr()),
                quote(encryptionName(entry.encryption())),
                hex(entry.skAi()),
                hex(entry.skAr()),
                quote(integrityName(entry.integrity())));
    }

    private static String line(KeyLogEntry.EspKeyEntry entry) {
        boolean ipv4 = entry.source().getAddress().length == 4;
        return String.join(
                ",",
                quote(ipv4 ? "IPv4" : "IPv6"),
                quote(address(entry.source())),
                quote(address(entry.destination())),
                quote("0x" + HexFormat.of().toHexDigits(entry.spi())),
                quote(espName(entry.encryption())),
                quote("0x" + hex(entry.key())),
                quote("NULL"),
                quote("0x"));
    }

    /// A socket that is bound to no address does not know its own: any address fits then.
    private static String address(InetAddress address) {
        return address.isAnyLocalAddress() ? "*" : address.getHostAddress();
    }

    private static String hex(SecretBytes secret) {
        return HexFormat.of().formatHex(secret.expose());
    }

    private static String quote(String text) {
        return "\"" + text + "\"";
    }

    private static String encryptionName(EncryptionAlgorithm algorithm) {
        return switch (algorithm) {
            case AES_GCM_16_128 -> "AES-GCM-128 with 16 octet ICV [RFC5282]";
            case AES_GCM_16_256 -> "AES-GCM-256 with 16 octet ICV [RFC5282]";
            case CHACHA20_POLY1305 -> "ChaCha20-Poly1305 [RFC7634]";
            case AES_CBC_128 -> "AES-CBC-128 [RFC3602]";
            case AES_CBC_256 -> "AES-CBC-256 [RFC3602]";
        };
    }

    private static String integrityName(IntegrityAlgorithm algorithm) {
        return switch (algorithm) {
            case NONE -> "NONE [RFC4306]";
            case HMAC_SHA2_256_128 -> "HMAC_SHA2_256_128 [RFC4868]";
            case HMAC_SHA2_384_192 -> "HMAC_SHA2_384_192 [RFC4868]";
            case HMAC_SHA2_512_256 -> "HMAC_SHA2_512_256 [RFC4868]";
        };
    }

    private static String espName(EncryptionAlgorithm algorithm) {
        return switch (algorithm) {
            case AES_GCM_16_128, AES_GCM_16_256 -> "AES-GCM with 16 octet ICV [RFC4106]";
            case CHACHA20_POLY1305 -> "ChaCha20 with Poly1305 [RFC7634]";
            case AES_CBC_128, AES_CBC_256 -> "AES-CBC [RFC3602]";
        };
    }

    private static void append(Path file, String line) throws IOException {
        if (!Files.exists(file)) {
            Set<java.nio.file.attribute.PosixFilePermission> ownerOnly =
                    PosixFilePermissions.fromString("rw-------");
            Files.createFile(file, PosixFilePermissions.asFileAttribute(ownerOnly));
        }
        Files.writeString(file, line + "\n", StandardCharsets.US_ASCII, StandardOpenOption.APPEND);
    }
}
