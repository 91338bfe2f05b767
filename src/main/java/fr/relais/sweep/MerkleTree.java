package fr.relais.sweep;

import java.security.MessageDigest;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The Merkle tree of RFC 6962 with SHA-256, built leaf by leaf. It keeps one hash for each level of the tree, and not
 * the hashes of all leaves.
 */
final class MerkleTree {

    private final MessageDigest sha256 = DigestUtils.getSha256Digest();

    /** The roots of the full subtrees that are not yet part of a larger one, by level. */
    private final byte[][] subtrees = new byte[Long.SIZE][];

    private long leaves;

    /** Adds a leaf behind all others. */
    void add(byte[] leaf) {
        sha256.update((byte) 0);
        byte[] root = sha256.digest(leaf);
        int level = 0;
        while (isFull(level)) {
            root = parent(subtrees[level], root);
            level++;
        }
        subtrees[level] = root;
        leaves++;
    }

    /** Returns the number of leaves. */
    long leaves() {
        return leaves;
    }

    /** Returns the root, which is the SHA-256 of nothing for a tree without leaves. */
    byte[] root() {
        byte[] root = null;
        for (int level = 0; level < subtrees.length; level++) {
            if (isFull(level)) {
                root = root == null ? subtrees[level] : parent(subtrees[level], root);
            }
        }
        return root == null ? sha256.digest() : root;
    }

    /** Whether the level has a subtree of its own: the binary digits of the number of leaves tell the subtrees. */
    private boolean isFull(int level) {
        return (leaves >> level & 1) == 1;
    }

    private byte[] parent(byte[] left, byte[] right) {
        sha256.update((byte) 1);
        sha256.update(left);
        return sha256.digest(right);
    }
}
