package dev.postern.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The keys of a charon with one IKE SA and one Child SA, both AES-128-GCM, read from its log,
/// since Debian's strongSwan has no save-keys plugin.
public final class StrongSwanKeyLog {
    private static final Pattern IKE_SPIS =
            Pattern.compile("([0-9a-f]{16})_i\\*? ([0-9a-f]{16})_r");
    private static final Pattern IN_SPI = Pattern.compile("\\bin +([0-9a-f]{8})");
    private static final Pattern OUT_SPI = Pattern.compile("\\bout +([0-9a-f]{8})");
    private static final Pattern HEX_LINE = Pattern.compile(".*\\] +[0-9]+: ((?:[0-9A-F]{2} )+).*");

    private StrongSwanKeyLog() {}

    /// Reads the keys of the SAs that are up.
    ///
    /// @param initiator the charon that initiated, started with [StrongSwanSettings#loggingKeys()]
    /// @param initiatorAddress its outer address
    /// @param responderAddress the peer's
    public static KeyLog of(
            StrongSwan initiator, String initiatorAddress, String responderAddress) {
        List<String> log = initiator.process().output();
        String sas = initiator.listSas();
        Matcher spis = matched(IKE_SPIS, sas);
        String none = "\"\"";
        String ikev2 =
                String.join(
                        ",",
                        spis.group(1),
                        spis.group(2),
                        secret(log, "Sk_ei secret"),
                        secret(log, "Sk_er secret"),
                        "\"AES-GCM-128 with 16 octet ICV [RFC5282]\"",
                        none,
                        none,
                        "\"NONE [RFC4306]\"");
        return new KeyLog(
                List.of(ikev2),
                List.of(
                        espLine(
                                initiatorAddress,
                                responderAddress,
                                matched(OUT_SPI, sas).group(1),
                                secret(log, "encryption initiator key")),
                        espLine(
                                responderAddress,
                                initiatorAddress,
                                matched(IN_SPI, sas).group(1),
                                secret(log, "encryption responder key"))));
    }

    private static String espLine(String source, String destination, String spi, String key) {
        return "\"IPv4\",\"%s\",\"%s\",\"0x%s\",\"AES-GCM with 16 octet ICV [RFC4106]\",\"0x%s\",\"NULL\",\"\""
                .formatted(source, destination, spi, key);
    }

    private static Matcher matched(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new LabException("no %s in %s".formatted(pattern, text));
        }
        return matcher;
    }

    /// The last secret of that name: its octets follow its title, sixteen to a line.
    private static String secret(List<String> log, String title) {
        List<String> octets = new ArrayList<>();
        boolean inside = false;
        for (String line : log) {
            if (line.contains(title)) {
                octets.clear();
                inside = true;
                continue;
            }
            Matcher hex = HEX_LINE.matcher(line);
            inside = inside && hex.matches();
            if (inside) {
                octets.add(hex.group(1).replace(" ", "").toLowerCase(Locale.ROOT));
            }
        }
        if (octets.isEmpty()) {
            throw new LabException(
                    "charon logged no \"%s\": start it with loggingKeys()".formatted(title));
        }
        return String.join("", octets);
    }
}
