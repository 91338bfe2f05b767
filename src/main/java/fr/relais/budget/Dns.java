package fr.relais.budget;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Look-ups in the domain name system. They block for as long as the network takes. */
public interface Dns {

    /** The name of an address, in any case and possibly with a dot at the end. The owner of an address can set any name. */
    String name(InetAddress address) throws UnknownHostException;

    /** The addresses of a name. */
    List<InetAddress> addresses(String name) throws UnknownHostException;

    /** The look-ups of the JVM. */
    static Dns system() {
        return new Dns() {
            @Override
            public String name(InetAddress address) throws UnknownHostException {
                // A copy, because an address caches its name.
                return InetAddress.getByAddress(address.getAddress()).getCanonicalHostName();
            }

            @Override
            public List<InetAddress> addresses(String name) throws UnknownHostException {
                return List.of(InetAddress.getAllByName(name));
            }
        };
    }
}
