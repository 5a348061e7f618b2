package dev.postern.pki;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Textual encodings of RFC 7468. What stands between the blocks is passed over.
public record Pem(String label, byte[] content) {
    public static final String CERTIFICATE = "CERTIFICATE";
    public static final String CRL = "X509 CRL";
    public static final String PRIVATE_KEY = "PRIVATE KEY";
    public static final String ENCRYPTED_PRIVATE_KEY = "ENCRYPTED PRIVATE KEY";

    private static final int MOST_BLOCKS = 1_000;
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /// Whether these octets are text with at least one block.
    public static boolean isPem(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1).contains(BEGIN);
    }

    /// Every block, in order.
    ///
    /// @throws UnreadableException where a block has no end, or its body is not base64
    public static List<Pem> parse(byte[] octets) throws UnreadableException {
        List<Pem> blocks = new ArrayList<>();
        String label = null;
        int begunAt = 0;
        StringBuilder body = new StringBuilder();
        List<String> lines = new String(octets, StandardCharsets.ISO_8859_1).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (label == null && line.startsWith(BEGIN) && line.endsWith(DASHES)) {
                label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                begunAt = i + 1;
                body.setLength(0);
            } else if (label != null && line.equals(END + label + DASHES)) {
                if (blocks.size() == MOST_BLOCKS) {
                    throw new UnreadableException("more than " + MOST_BLOCKS + " PEM blocks");
                }
                blocks.add(new Pem(label, decode(body.toString(), begunAt)));
                label = null;
            } else if (label != null) {
                body.append(line);
            }
        }
        if (label != null) {
            throw new UnreadableException(
                    "the PEM block that line " + begunAt + " begins has no end");
        }
        return blocks;
    }

    private static byte[] decode(String body, int line) throws UnreadableException {
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new UnreadableException(
                    "the PEM block that line " + line + " begins is not base64");
        }
    }

    /// Without the content, which may be a key.
    @Override
    public String toString() {
        return "Pem[" + label + ", " + content.length + " octets]";
    }
}
