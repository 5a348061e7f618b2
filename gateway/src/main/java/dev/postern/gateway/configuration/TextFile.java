package dev.postern.gateway.configuration;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;

/// Files of text: bounded, regular, UTF-8, and closed to others where they hold a secret.
final class TextFile {
    private static final int LONGEST = 1 << 20;

    private static final Set<PosixFilePermission> OF_OTHERS =
            PosixFilePermissions.fromString("------rwx");
    private static final Set<PosixFilePermission> OF_GROUP =
            PosixFilePermissions.fromString("---rwx---");

    private TextFile() {}

    /// The text, or null after the reason was given to `fault`.
    static @Nullable String read(Path file, Consumer<String> fault) {
        byte[] octets = octets(file, LONGEST, fault);
        return octets == null ? null : decode(octets, fault);
    }

    /// The octets, or null after the reason was given to `fault`.
    static byte @Nullable [] octets(Path file, int longest, Consumer<String> fault) {
        try {
            if (Files.isDirectory(file)) {
                fault.accept("is a directory, a file is wanted");
                return null;
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                fault.accept("is not a regular file");
                return null;
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] octets = in.readNBytes(longest + 1);
                if (octets.length <= longest) {
                    return octets;
                }
                Arrays.fill(octets, (byte) 0);
                fault.accept("is longer than " + longest + " octets");
            }
        } catch (NoSuchFileException e) {
            fault.accept("there is no such file");
        } catch (AccessDeniedException e) {
            fault.accept("may not be read by this user");
        } catch (IOException e) {
            fault.accept("cannot be read: " + Place.printable(String.valueOf(e.getMessage())));
        }
        return null;
    }

    /// Why a file with a secret is too open, or null; a file that is not there is not open.
    static @Nullable String exposure(Path file) {
        try {
            PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
            return exposure(attributes.permissions(), attributes.owner().equals(self()));
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    /// The rule of ssh for private keys: nobody else may touch our file, and it is not used where
    /// somebody may. Of somebody else's file the group may read, so that root can hand a key to a
    /// daemon; the world may not.
    static @Nullable String exposure(Set<PosixFilePermission> permissions, boolean ownedByUs) {
        boolean others = permissions.stream().anyMatch(OF_OTHERS::contains);
        boolean group = permissions.stream().anyMatch(OF_GROUP::contains);
        if (!others && !(group && ownedByUs)) {
            return null;
        }
        return "holds a secret and is open to "
                + (others ? "everybody" : "its group")
                + " (mode "
                + PosixFilePermissions.toString(permissions)
                + "), so it is not used; close it with chmod go=";
    }

    private static UserPrincipal self() throws IOException {
        return Files.getOwner(Path.of("/proc/self"));
    }

    private static @Nullable String decode(byte[] octets, Consumer<String> fault) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (CharacterCodingException e) {
            fault.accept("is not UTF-8 text");
            return null;
        } finally {
            Arrays.fill(octets, (byte) 0);
        }
    }
}
