package fr.relais.budget;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A client that has a budget of its own: the holder of an API key, an IPv4 address, or all IPv6 addresses that share
 * the first 64 bits. An instance lives as long as the request; only pseudonyms of the client are kept.
 */
public final class Client {

    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    // InetAddress would look up any other text in the DNS.
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:][0-9A-Fa-f:.]*");

    private static final Pattern PORT = Pattern.compile("^\\[([^]]*)](?::\\d+)?$|^([^:]*):\\d+$");

    private final byte[] identity;
    private final InetAddress address;
    private final boolean hasKey;

    private Client(byte[] identity, InetAddress address, boolean hasKey) {
        this.identity = identity;
        this.address = address;
        this.hasKey = hasKey;
    }

    /** Returns the holder of the API key of this name. */
    public static Client ofKey(String name) {
        return new Client(("key " + name).getBytes(StandardCharsets.UTF_8), null, true);
    }

    /**
     * Returns the client at an address.
     *
     * @param address the address as the servlet container reports it; null and all texts that are not an address count
     *     as one client
     */
    public static Client at(String address) {
        InetAddress parsed = parse(address);
        if (parsed == null) {
            return new Client(new byte[] {0}, null, false);
        }
        return new Client(parsed.getAddress(), parsed, false);
    }

    private static InetAddress parse(String text) {
        if (text == null) {
            return null;
        }
        // Some proxies append the port, and then put an IPv6 address in brackets. The zone of an address is ignored.
        String literal = PORT.matcher(text).replaceFirst("$1$2").replaceFirst("%.*", "");
        boolean isIpv6 = literal.indexOf(':') >= 0;
        try {
            if (isIpv6 && IPV6.matcher(literal).matches()) {
                // An IPv4-mapped address becomes an IPv4 address.
                return InetAddress.getByName(literal);
            }
            var parts = IPV4.matcher(literal);
            if (isIpv6 || !parts.matches()) {
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
        return hasKey;
    }

    /**
     * Returns what identifies the client (level 0) or a prefix of its address, which one user or thousands may share.
     * Level 1 is the /56 of an IPv6 address, and the whole of an IPv4 address. Level 2 is the /48 or the /24.
     *
     * @param level from 0 to 2
     */
    byte[] prefix(int level) {
        if (address == null) {
            return identity;
        }
        boolean isIpv4 = address instanceof Inet4Address;
        return Arrays.copyOf(identity, isIpv4 ? 4 - level / 2 : 8 - level);
    }

    /** Returns a text for the IPv4 address, or for the first 64 bits of the IPv6 address. It must not be logged. */
    public String network() {
        return HexFormat.of().formatHex(prefix(0));
    }

    /** Returns the whole address; empty when the client has a key or its address is not valid. */
    Optional<InetAddress> address() {
        return Optional.ofNullable(address);
    }

    /** Returns a text that does not identify the client, because it may be logged. */
    @Override
    public String toString() {
        return hasKey ? "a client with a key" : "a client";
    }
}
