package dev.postern.gateway.configuration;

import dev.postern.crypto.SecretBytes;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The file of users and passwords.
public final class EapUsers {
    private EapUsers() {}

    /// Reads the file, again for example.
    public static Map<String, SecretBytes> read(Path file) throws ConfigurationException {
        Report report = new Report();
        Place place = new Place(report, file, 1, EapKeys.USERS.name(), "", "a file of users");
        Map<String, SecretBytes> users = read(file, place, report);
        report.throwIfAny();
        return users == null ? Map.of() : users;
    }

    /// Reads what such a file says.
    public static Map<String, SecretBytes> parse(Path file, String text)
            throws ConfigurationException {
        Report report = new Report();
        Map<String, SecretBytes> users = parse(file, text, report);
        report.throwIfAny();
        return users;
    }

    /// The users, or null after the place, or the report, was told why there are none.
    static @Nullable Map<String, SecretBytes> read(Path file, Place place, Report report) {
        String text = SecretFile.read(file, place);
        return text == null ? null : parse(file, text, report);
    }

    private static Map<String, SecretBytes> parse(Path file, String text, Report report) {
        Section top = TomlDocument.parse(report, file, text, EapKeys.USERS_FILE);
        List<Section> tables = top.repeated(EapKeys.USER);
        if (tables.isEmpty()) {
            top.missing("user: missing; legal is at least one table [[user]]");
        }
        Map<String, SecretBytes> users = new HashMap<>();
        for (Section table : tables) {
            String name = table.get(EapKeys.USER_NAME);
            SecretBytes password = table.get(EapKeys.USER_PASSWORD);
            if (table.sound(EapKeys.USER_NAME) && users.putIfAbsent(name, password) != null) {
                table.place(EapKeys.USER_NAME)
                        .contradicts("stands twice; legal is each user once in the file");
            }
        }
        return users;
    }
}
