package fr.relais.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.commons.codec.DecoderException;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {

    /** The leaves and roots that implementations of RFC 6962 use to check each other. */
    private static final List<String> LEAVES =
            List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

    private static final List<String> ROOTS = List.of(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @Test
    void the_roots_are_those_of_rfc_6962() throws DecoderException {
        MerkleTree tree = new MerkleTree();
        for (int leaves = 0; leaves < ROOTS.size(); leaves++) {
            assertThat(Hex.encodeHexString(tree.root())).as(leaves + " leaves").isEqualTo(ROOTS.get(leaves));
            if (leaves < LEAVES.size()) {
                tree.add(Hex.decodeHex(LEAVES.get(leaves)));
            }
        }
        assertThat(tree.leaves()).isEqualTo(8);
    }

    @Property(tries = 200)
    void the_root_is_that_of_the_recursive_definition(@ForAll @Size(max = 300) List<byte[]> leaves) {
        MerkleTree tree = new MerkleTree();
        leaves.forEach(tree::add);

        assertThat(tree.root()).isEqualTo(root(leaves));
        assertThat(tree.leaves()).isEqualTo(leaves.size());
    }

    /** Computes the root as section 2.1 of RFC 6962 defines it. */
    private static byte[] root(List<byte[]> leaves) {
        MessageDigest sha256 = DigestUtils.getSha256Digest();
        int size = leaves.size();
        if (size == 1) {
            sha256.update((byte) 0);
            sha256.update(leaves.get(0));
        } else if (size > 1) {
            int left = Integer.highestOneBit(size - 1);
            sha256.update((byte) 1);
            sha256.update(root(leaves.subList(0, left)));
            sha256.update(root(leaves.subList(left, size)));
        }
        return sha256.digest();
    }
}
