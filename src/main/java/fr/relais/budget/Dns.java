package fr.relais.budget;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The domain name system, as far as it tells who has an address. Both take as long as the network does. */
public interface Dns {

    /** The name of an address, in any case and maybe with a dot at the end. Its owner may have set it to anything. */
    String name(InetAddress address) throws UnknownHostException;

    /** The addresses of a name. */
    List<InetAddress> addresses(String name) throws UnknownHostException;

    /** That of the JVM. */
    static Dns system() {
        return new Dns() {
            @Override
            public String name(InetAddress address) throws UnknownHostException {
                // A new one, because an address keeps the name by which it was made or asked for.
                return InetAddress.getByAddress(address.getAddress()).getCanonicalHostName();
            }

            @Override
            public List<InetAddress> addresses(String name) throws UnknownHostException {
                return List.of(InetAddress.getAllByName(name));
            }
        };
    }
}
