package fr.relais.budget;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The client that has a budget: the holder of an API key, or all addresses that share the first 24 bits (IPv4) or the first 48 bits
 * (IPv6). It lives as long as the request; what is kept of it is its pseudonym of the day.
 */
public final class Client {

    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    // For anything else the JDK would ask the network.
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:][0-9A-Fa-f:.]*");

    private static final Pattern PORT = Pattern.compile("^\\[([^]]*)](?::\\d+)?$|^([^:]*):\\d+$");

    private final byte[] identity;
    private final InetAddress address;
    private final boolean key;

    private Client(byte[] identity, InetAddress address, boolean key) {
        this.identity = identity;
        this.address = address;
        this.key = key;
    }

    /** The holder of the API key of this name. */
    public static Client ofKey(String name) {
        return new Client(("key " + name).getBytes(StandardCharsets.UTF_8), null, true);
    }

    /** @param address as the servlet container gives it; all texts that are no address together are one client */
    public static Client at(String address) {
        InetAddress parsed = parse(address);
        if (parsed == null) {
            return new Client(new byte[] {0}, null, false);
        }
        byte[] bytes = parsed.getAddress();
        boolean four = parsed instanceof Inet4Address;
        byte[] identity = new byte[four ? 4 : 7];
        identity[0] = (byte) (four ? 4 : 6);
        System.arraycopy(bytes, 0, identity, 1, identity.length - 1);
        return new Client(identity, parsed, false);
    }

    private static InetAddress parse(String text) {
        if (text == null) {
            return null;
        }
        // Some proxies add the port; an IPv6 address is in brackets then. A zone is ignored.
        String literal = PORT.matcher(text).replaceFirst("$1$2").replaceFirst("%.*", "");
        boolean six = literal.indexOf(':') >= 0;
        try {
            if (six && IPV6.matcher(literal).matches()) {
                // A mapped IPv4 address becomes an IPv4 address.
                return InetAddress.getByName(literal);
            }
            var parts = IPV4.matcher(literal);
            if (six || !parts.matches()) {
                return null;
            }
            byte[] bytes = new byte[4];
            for (int i = 0; i < 4; i++) {
                int part = Integer.parseInt(parts.group(i + 1));
                if (part > 255) {
                    return null;
                }
                bytes[i] = (byte) part;
            }
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    boolean hasKey() {
        return key;
    }

    /** The part of the address, or the name of the key, that identifies the client; never a whole address. */
    byte[] identity() {
        return identity;
    }

    /** The whole address, unless the client has a key. */
    Optional<InetAddress> address() {
        return Optional.ofNullable(address);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Client client && Arrays.equals(identity, client.identity);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(identity);
    }

    /** Does not identify the client, since the text may be logged. */
    @Override
    public String toString() {
        return key ? "a client with a key" : "a client";
    }
}
