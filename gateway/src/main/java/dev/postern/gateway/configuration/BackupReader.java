package dev.postern.gateway.configuration;

import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.AlternativeGateways.Backup;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// Reads the other gateways of the domain.
final class BackupReader {
    private static final int USUAL_PORT = 4500;

    private BackupReader() {}

    static AlternativeGateways readAll(Section top) {
        List<Backup> backups = new ArrayList<>();
        for (Section section : top.repeated(GatewayKeys.BACKUP)) {
            if (backups.size() == GatewayList.MAXIMUM_ENTRIES) {
                section.place(GatewayKeys.BACKUP_ADDRESS)
                        .contradicts(
                                "is one too many; legal are "
                                        + GatewayList.MAXIMUM_ENTRIES
                                        + " tables [[backup]]");
                break;
            }
            String host = section.get(GatewayKeys.BACKUP_ADDRESS);
            int port = section.get(GatewayKeys.BACKUP_PORT);
            double weight = section.get(GatewayKeys.BACKUP_WEIGHT);
            if (section.sound(GatewayKeys.BACKUP_ADDRESS)) {
                backups.add(new Backup(entry(section, host, port), weight, 0));
            }
        }
        return new AlternativeGateways(backups);
    }

    private static GatewayList.Entry entry(Section section, String host, int port) {
        try {
            byte[] address = InetAddress.ofLiteral(host).getAddress();
            return new GatewayList.Address(Octets.of(address), port == USUAL_PORT ? 0 : port);
        } catch (IllegalArgumentException name) {
            if (port != USUAL_PORT) {
                section.place(GatewayKeys.BACKUP_PORT)
                        .contradicts(
                                "stands beside a host name, for which the list has no port; legal"
                                        + " is 4500, or an address");
            }
            return new GatewayList.Name(host);
        }
    }
}
