package dev.postern.lab;

import java.nio.file.Files;
import java.nio.file.Path;

/// A program or plugin that the lab runs, and the Debian package that brings it.
public enum Component {
    IP("iproute2", "/usr/bin/ip"),
    PING("iputils-ping", "/usr/bin/ping"),
    IPERF("iperf3", "/usr/bin/iperf3"),
    TCPDUMP("tcpdump", "/usr/bin/tcpdump"),
    TSHARK("tshark", "/usr/bin/tshark"),
    CHARON("strongswan-charon", "/usr/lib/ipsec/charon"),
    SWANCTL("strongswan-swanctl", "/usr/sbin/swanctl"),
    KERNEL_LIBIPSEC(
            "libcharon-extra-plugins", "/usr/lib/ipsec/plugins/libstrongswan-kernel-libipsec.so"),
    EAP_MSCHAPV2(
            "libcharon-extauth-plugins", "/usr/lib/ipsec/plugins/libstrongswan-eap-mschapv2.so"),
    EAP_TLS("libcharon-extra-plugins", "/usr/lib/ipsec/plugins/libstrongswan-eap-tls.so"),
    OPENSSL_PROGRAM("openssl", "/usr/bin/openssl"),
    CURVE25519("libstrongswan-extra-plugins", "/usr/lib/ipsec/plugins/libstrongswan-curve25519.so"),
    OPENSSL("libstrongswan-standard-plugins", "/usr/lib/ipsec/plugins/libstrongswan-openssl.so"),
    DNSMASQ("dnsmasq-base", "/usr/sbin/dnsmasq"),
    KEEPALIVED("keepalived", "/usr/sbin/keepalived"),
    EXT4("e2fsprogs", "/usr/sbin/mkfs.ext4"),
    FSFREEZE("util-linux", "/usr/sbin/fsfreeze"),
    FREERADIUS("freeradius", "/usr/sbin/freeradius"),
    TUN_DEVICE("kmod (modprobe tun)", "/dev/net/tun");

    private final String debianPackage;
    private final String place;

    Component(String debianPackage, String place) {
        this.debianPackage = debianPackage;
        this.place = place;
    }

    /// The package that brings it, as named by Debian 12.
    public String debianPackage() {
        return debianPackage;
    }

    /// Where it is.
    ///
    /// @throws LabException naming the package when it is not installed
    public Path require() {
        Path path = Path.of(place);
        if (Files.exists(path)) {
            return path;
        }
        throw new LabException(
                "the lab needs %s, which is not at %s: install the Debian package %s"
                        .formatted(name(), place, debianPackage));
    }
}
