package dev.postern.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// An authority that `openssl` makes, with an intermediate below it that issues for the hosts of
/// the lab.
public final class LabAuthority {
    private static final String CONF =
            """
            [ca]
            default_ca = lab
            [lab]
            database = index.txt
            default_md = sha256
            """;

    private final Path directory;

    private LabAuthority(Path directory) {
        this.directory = directory;
    }

    public static LabAuthority create(Lab lab) {
        lab.write("ca/ca.conf", CONF);
        Path directory = lab.file("ca");
        lab.write("ca/index.txt", "");
        LabAuthority authority = new LabAuthority(directory);
        authority.openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30"
                        + " -subj /CN=lab-root -keyout root.key -out root.pem"
                        + " -addext keyUsage=critical,keyCertSign,cRLSign");
        authority.request("ec -pkeyopt ec_paramgen_curve:P-256", "lab-between", "between");
        authority.sign(
                "root",
                "between",
                "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n");
        return authority;
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    String pem(String name) {
        try {
            return Files.readString(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A key and a certificate `NAME.pem` that names the host, and the chain `NAME-chain.pem`.
    ///
    /// @param key `ec -pkeyopt ec_paramgen_curve:P-256`, `rsa:2048` or `ed25519`
    public void issue(String name, String host, String key) {
        issue(name, host, key, "");
    }

    /// The same, with further extensions, a line each as `openssl` takes them.
    void issue(String name, String host, String key, String extensions) {
        request(key, host, name);
        sign(
                "between",
                name,
                "basicConstraints=CA:false\nsubjectAltName=DNS:" + host + "\n" + extensions);
        write(name + "-chain.pem", pem(name + ".pem") + pem("between.pem"));
        closeToOthers(name + ".key");
    }

    /// A file that is closed to others.
    void secret(String name, String text) {
        write(name, text);
        closeToOthers(name);
    }

    private void closeToOthers(String name) {
        try {
            Files.setPosixFilePermissions(file(name), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes lists of root and intermediate, as they stand.
    void list() {
        for (String authority : List.of("root", "between")) {
            openssl(
                    "ca -config ca.conf -gencrl -crldays 10 -keyfile "
                            + authority
                            + ".key -cert "
                            + authority
                            + ".pem -out "
                            + authority
                            + ".crl");
        }
    }

    /// Tells the responder of the intermediate's certificates of this one.
    void enter(String name) {
        openssl(
                "ca -config ca.conf -keyfile between.key -cert between.pem -valid "
                        + name
                        + ".pem");
    }

    /// The words that start a responder of the intermediate's certificates (RFC 6960), which says
    /// `ocsp: waiting for` when it is there.
    List<String> responder(int port) {
        return List.of(
                Component.OPENSSL_PROGRAM.require().toString(),
                "ocsp",
                "-port",
                Integer.toString(port),
                "-index",
                file("index.txt").toString(),
                "-CA",
                file("between.pem").toString(),
                "-rsigner",
                file("between.pem").toString(),
                "-rkey",
                file("between.key").toString(),
                "-ndays",
                "1");
    }

    /// Puts a certificate on the intermediate's list.
    void revoke(String name) {
        openssl(
                "ca -config ca.conf -keyfile between.key -cert between.pem -revoke "
                        + name
                        + ".pem");
        list();
    }

    private void request(String key, String subject, String name) {
        openssl(
                "req -new -newkey "
                        + key
                        + " -nodes -subj /CN="
                        + subject
                        + " -keyout "
                        + name
                        + ".key -out "
                        + name
                        + ".csr");
    }

    private void sign(String authority, String name, String extensions) {
        write(name + ".ext", extensions);
        openssl(
                "x509 -req -days 30 -CA "
                        + authority
                        + ".pem -CAkey "
                        + authority
                        + ".key -CAcreateserial -extfile "
                        + name
                        + ".ext -in "
                        + name
                        + ".csr -out "
                        + name
                        + ".pem");
    }

    private void write(String name, String text) {
        try {
            Files.writeString(file(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void openssl(String arguments) {
        Command.of("/bin/sh", "-c", "cd '" + directory + "' && exec openssl " + arguments)
                .runSuccessfully();
    }
}
