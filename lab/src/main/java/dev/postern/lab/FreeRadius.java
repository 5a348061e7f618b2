package dev.postern.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Debian's FreeRADIUS on one host: EAP-MSCHAPv2 and EAP-TLS for the users of a `users(5)` file,
/// every Access-Request and every accounting record in a file of its own.
///
/// @param host where it runs
/// @param name of this server among those of the host
/// @param process its log
/// @param directory where its configuration and its records are
public record FreeRadius(
        NetworkNamespace host, String name, LabProcess process, Path directory, String address)
        implements AutoCloseable {
    public static final int AUTHENTICATION = 1812;
    public static final int ACCOUNTING = 1813;
    public static final String SECRET = "a secret of the lab, 0123456789";

    private static final Duration START = Duration.ofSeconds(30);

    /// Where the certificates for EAP-TLS are, PEM files of their owner's.
    ///
    /// @param certificate of the server, and its private key in the file `key`
    /// @param authority whose clients are let in
    /// @param list of those that it has revoked
    /// @param latest version of TLS, "1.2" or "1.3"
    public record Tls(Path certificate, Path key, Path authority, Path list, String latest) {}

    /// Starts a server for EAP-MSCHAPv2 and waits until it answers.
    ///
    /// @param address one of the host's
    /// @param users the text of its `users` file
    public static FreeRadius start(
            NetworkNamespace host, String name, String address, String users) {
        return start(host, name, address, users, "");
    }

    /// Starts a server for EAP-TLS as well.
    public static FreeRadius start(
            NetworkNamespace host, String name, String address, String users, Tls tls) {
        String text =
                """
                        tls-config tls-common {
                            private_key_file = %s
                            certificate_file = %s
                            ca_file = %s
                            check_crl = yes
                            tls_min_version = "1.2"
                            tls_max_version = "%s"
                        }
                        tls {
                            tls = tls-common
                        }
                """
                        .formatted(
                                tls.key(), tls.certificate(), authorities(host, tls), tls.latest());
        return start(host, name, address, users, text);
    }

    /// The authority and its list in one file, as OpenSSL takes them.
    private static Path authorities(NetworkNamespace host, Tls tls) {
        try {
            return host.lab()
                    .write(
                            host.host() + "/authorities.pem",
                            Files.readString(tls.authority()) + Files.readString(tls.list()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FreeRadius start(
            NetworkNamespace host, String name, String address, String users, String tls) {
        Path binary = Component.FREERADIUS.require();
        Lab lab = host.lab();
        String folder = host.host() + "/" + name;
        Path directory = lab.file(folder);
        lab.write(folder + "/users", users);
        lab.write(folder + "/dictionary", "");
        Path conf =
                lab.write(
                        folder + "/radiusd.conf",
                        CONFIGURATION
                                .replace("DIRECTORY", directory.toString())
                                .replace("ADDRESS", address)
                                .replace("SECRET", SECRET)
                                .replace("TLS", tls));
        closeToOthers(conf);
        closeToOthers(directory.resolve("users"));
        LabProcess process =
                host.start(
                        name,
                        binary.toString(),
                        "-f",
                        "-l",
                        "stdout",
                        "-d",
                        directory.toString(),
                        "-D",
                        "/usr/share/freeradius");
        process.awaitLine("Ready to process requests", START);
        return new FreeRadius(host, name, process, directory, address);
    }

    private static void closeToOthers(Path file) {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How many Access-Requests this server has seen, its own log says.
    public int accessRequests() {
        return records("access").size();
    }

    /// The accounting records that this server has acknowledged, in their order, each by attribute.
    public List<Map<String, String>> accounting() {
        return records("accounting");
    }

    /// The accounting records of that status: `Start`, `Interim-Update`, `Stop`, `Accounting-On`.
    public List<Map<String, String>> accounting(String status) {
        return accounting().stream()
                .filter(record -> status.equals(record.get("Acct-Status-Type")))
                .toList();
    }

    /// A detail file: a line with the time, then one line for each attribute, then an empty line.
    private List<Map<String, String>> records(String file) {
        Path path = directory.resolve(file);
        List<Map<String, String>> records = new ArrayList<>();
        if (!Files.exists(path)) {
            return records;
        }
        try {
            Map<String, String> record = new LinkedHashMap<>();
            for (String line : Files.readAllLines(path)) {
                if (line.startsWith("\t")) {
                    String[] parts = line.strip().split(" = ", 2);
                    record.put(parts[0], parts[1].replace("\"", ""));
                } else if (line.isEmpty() && !record.isEmpty()) {
                    records.add(record);
                    record = new LinkedHashMap<>();
                }
            }
            return records;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends a request from this server's host with `radclient(1)`, as an operator would.
    ///
    /// @param to address and port
    /// @param type `disconnect` or `coa`
    /// @param attributes `User-Name = alice` and so on; Event-Timestamp and Message-Authenticator
    ///   are added
    /// @return what it printed: the answer with its attributes
    public String order(String to, String type, String... attributes) {
        String text =
                String.join("\n", attributes)
                        + "\nEvent-Timestamp = %d\nMessage-Authenticator = 0x00\n"
                                .formatted(java.time.Instant.now().getEpochSecond());
        Path file = host.lab().write(host.host() + "/order", text);
        return host.command(
                        "/bin/sh",
                        "-c",
                        "radclient -x -r 2 -t 3 -f '%s' %s %s '%s' 2>&1 || true"
                                .formatted(file, to, type, SECRET))
                .runSuccessfully();
    }

    /// SIGKILL.
    public void crash() {
        process.crash();
    }

    @Override
    public void close() {
        process.close();
    }

    private static final String CONFIGURATION =
            """
            prefix = /usr
            libdir = /usr/lib/freeradius
            raddbdir = DIRECTORY
            logdir = DIRECTORY
            run_dir = DIRECTORY
            name = radiusd
            pidfile = DIRECTORY/radiusd.pid
            max_request_time = 30
            cleanup_delay = 10
            max_requests = 131072
            hostname_lookups = no
            log {
                destination = stdout
                auth = no
            }
            security {
                allow_core_dumps = no
                max_attributes = 200
                reject_delay = 0
                status_server = no
            }
            thread pool {
                start_servers = 2
                max_servers = 4
                min_spare_servers = 1
                max_spare_servers = 4
                max_requests_per_server = 0
            }
            client gateways {
                ipaddr = 0.0.0.0/0
                secret = "SECRET"
            }
            modules {
                always ok {
                    rcode = ok
                }
                files {
                    filename = DIRECTORY/users
                }
                mschap {
                    use_mppe = yes
                    require_encryption = yes
                    require_strong = yes
                }
                detail access {
                    filename = DIRECTORY/access
                    permissions = 0600
                    escape_filenames = no
                }
                detail accounting {
                    filename = DIRECTORY/accounting
                    permissions = 0600
                    escape_filenames = no
                }
                eap {
                    default_eap_type = mschapv2
                    timer_expire = 60
                    ignore_unknown_eap_types = no
                    max_sessions = 131072
                    mschapv2 {
                    }
            TLS
                }
            }
            server default {
                listen {
                    type = auth
                    ipaddr = ADDRESS
                    port = 1812
                }
                listen {
                    type = acct
                    ipaddr = ADDRESS
                    port = 1813
                }
                authorize {
                    access
                    files
                    mschap
                    eap {
                        ok = return
                    }
                }
                authenticate {
                    Auth-Type MS-CHAP {
                        mschap
                    }
                    eap
                }
                preacct {
                    ok
                }
                accounting {
                    accounting
                }
            }
            """;
}
