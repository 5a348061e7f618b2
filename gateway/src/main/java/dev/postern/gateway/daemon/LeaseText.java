package dev.postern.gateway.daemon;

import dev.postern.wire.Identity;
import dev.postern.wire.Octets;
import dev.postern.wire.PrintableText;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// The contents of a lease file: a line `ADDRESS ID-TYPE ID-OCTETS` for each address, the longest
/// rested first, and at last `end COUNT`, without which the file was cut off. Identities are
/// octets, since a peer chooses them.
final class LeaseText {
    private static final String HEAD =
            "# Whose each inner address is. The gateway writes this file; do not edit it while it"
                    + " runs.\n";
    private static final String END = "end ";
    private static final int LARGEST_TYPE = 255;

    /// What a text says.
    sealed interface Parsed {
        record Valid(Map<InetAddress, Identity> reservations) implements Parsed {}

        /// @param line from 1
        record Invalid(int line, String message) implements Parsed {}
    }

    private LeaseText() {}

    static String write(Map<InetAddress, Identity> reservations) {
        StringBuilder text = new StringBuilder(HEAD);
        HexFormat hex = HexFormat.of();
        reservations.forEach((address, identity) ->
                text.append(address.getHostAddress())
                        .append(' ')
                        .append(identity.type())
                        .append(' ')
                        .append(hex.formatHex(identity.data().array()))
                        .append('\n'));
        return text.append(END).append(reservations.size()).append('\n').toString();
    }

    static Parsed parse(String text) {
        Map<InetAddress, Identity> reservations = new LinkedHashMap<>();
        String[] lines = text.split("\n", -1);
        for (int index = 0; index < lines.length; index++) {
            String line = lines[index].strip();
            if (line.startsWith(END)) {
                return end(index + 1, line.substring(END.length()), reservations);
            }
            if (!line.isEmpty() && !line.startsWith("#")) {
                try {
                    add(line, reservations);
                } catch (IllegalArgumentException e) {
                    return new Parsed.Invalid(
                            index + 1,
                            "\"%.80s\"".formatted(PrintableText.of(line))
                                    + " is no lease; legal is an address, the type and the octets"
                                    + " (in hexadecimal digits) of an identity, and no address"
                                    + " twice");
                }
            }
        }
        return new Parsed.Invalid(
                lines.length, "the file was cut off; its last line is \"end\" and a number");
    }

    private static Parsed end(int line, String counted, Map<InetAddress, Identity> reservations) {
        return counted.equals(Integer.toString(reservations.size()))
                ? new Parsed.Valid(reservations)
                : new Parsed.Invalid(
                        line,
                        "there are "
                                + reservations.size()
                                + " leases before the line \"end %.20s\""
                                        .formatted(PrintableText.of(counted)));
    }

    private static void add(String line, Map<InetAddress, Identity> reservations) {
        String[] words = line.split(" ", 3);
        if (words.length < 2) {
            throw new IllegalArgumentException("too few words");
        }
        int type = Integer.parseInt(words[1]);
        if (type < 0 || type > LARGEST_TYPE) {
            throw new IllegalArgumentException("no type of an identity");
        }
        // The octets of an identity may be none, and the space before them is stripped then.
        byte[] octets = words.length == 2 ? new byte[0] : HexFormat.of().parseHex(words[2]);
        Identity identity = new Identity(type, Octets.of(octets));
        if (reservations.put(InetAddress.ofLiteral(words[0]), identity) != null) {
            throw new IllegalArgumentException("an address twice");
        }
    }
}
