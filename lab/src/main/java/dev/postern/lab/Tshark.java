package dev.postern.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Wireshark's dissectors, with keys, in a configuration directory of their own.
public final class Tshark {
    private static final List<String> ALWAYS =
            List.of(
                    "frame.number",
                    "frame.protocols",
                    "_ws.malformed",
                    "_ws.expert.severity",
                    "_ws.expert.message");
    private static final String SEPARATOR = "\t";
    // A unit separator: no value holds one.
    private static final String AGGREGATOR = "\u001f";
    // PI_WARN of epan/proto.h; below it are chats and notes.
    private static final long WARNING = 0x0060_0000;

    private final Path configuration;

    /// Writes the keys where tshark will look for them.
    ///
    /// @param lab gets the directory
    public Tshark(Lab lab, KeyLog keys) {
        Component.TSHARK.require();
        try {
            Files.createDirectories(lab.directory());
            configuration = Files.createTempDirectory(lab.directory(), "wireshark");
            Files.write(configuration.resolve("ikev2_decryption_table"), keys.ikev2Lines());
            Files.write(configuration.resolve("esp_sa"), keys.espLines());
            Files.writeString(
                    configuration.resolve("preferences"),
                    """
                    esp.enable_encryption_decode: TRUE
                    esp.enable_authentication_check: TRUE
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads a capture.
    ///
    /// @param displayFilter a `wireshark-filter(4)`; the empty string for every packet
    /// @param fields what to tell of each packet, for example `isakmp.exchangetype`
    public List<DissectedPacket> dissect(Path pcap, String displayFilter, String... fields) {
        List<String> wanted = new ArrayList<>(ALWAYS);
        wanted.addAll(List.of(fields));
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "-T",
                                "fields",
                                "-E",
                                "separator=" + SEPARATOR,
                                "-E",
                                "occurrence=a",
                                "-E",
                                "aggregator=" + AGGREGATOR));
        wanted.forEach(field -> words.addAll(List.of("-e", field)));
        return run(pcap, displayFilter, words).lines().map(line -> packet(line, wanted)).toList();
    }

    /// The whole dissection as text, for the reader of a failure.
    public String text(Path pcap, String displayFilter) {
        return run(pcap, displayFilter, List.of("-V"));
    }

    private String run(Path pcap, String displayFilter, List<String> more) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Component.TSHARK.require().toString(),
                                "-n",
                                "-r",
                                pcap.toString()));
        if (!displayFilter.isEmpty()) {
            words.addAll(List.of("-Y", displayFilter));
        }
        words.addAll(more);
        Command.Result result =
                Command.of(words)
                        .with("WIRESHARK_CONFIG_DIR", configuration.toString())
                        .within(Duration.ofMinutes(2))
                        .run();
        // A line of a key table that tshark cannot read is only a warning to it.
        if (!result.succeeded() || result.complaints().contains("Error loading table")) {
            throw new LabException("tshark: " + result.complaints().strip());
        }
        return result.output();
    }

    private static DissectedPacket packet(String line, List<String> wanted) {
        String[] values = line.split(SEPARATOR, -1);
        Map<String, List<String>> fields = new HashMap<>();
        for (int i = 0; i < wanted.size() && i < values.length; i++) {
            if (!values[i].isEmpty()) {
                fields.put(wanted.get(i), List.of(values[i].split(AGGREGATOR, -1)));
            }
        }
        List<String> complaints = new ArrayList<>();
        if (fields.containsKey("_ws.malformed")) {
            complaints.add("malformed packet");
        }
        List<String> severities = fields.getOrDefault("_ws.expert.severity", List.of());
        List<String> messages = fields.getOrDefault("_ws.expert.message", List.of());
        for (int i = 0; i < severities.size(); i++) {
            if (Long.parseLong(severities.get(i)) >= WARNING) {
                complaints.add(i < messages.size() ? messages.get(i) : "an unnamed warning");
            }
        }
        return new DissectedPacket(
                Integer.parseInt(fields.getOrDefault("frame.number", List.of("0")).getFirst()),
                fields.getOrDefault("frame.protocols", List.of("")).getFirst(),
                fields,
                complaints);
    }
}
