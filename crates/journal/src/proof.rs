//! Proofs of RFC 6962: that one entry stands in a journal of some size (inclusion), and
//! that a larger journal continues a smaller one (consistency), without showing the rest.

use crate::hash::Hash;

/// The largest power of two below `size`, which is at least 2.
fn split(size: usize) -> usize {
    size.next_power_of_two() / 2
}

fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of(b""),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            Hash::of_node(root_of(left), root_of(right))
        }
    }
}

/// The proof that leaf number `index` stands in the tree over `leaves`, from the leaf
/// upwards; nothing if there is no such leaf.
pub fn inclusion(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    match leaves {
        _ if index >= leaves.len() => None,
        [_] => Some(Vec::new()),
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            let (mut proof, sibling) = match index.checked_sub(left.len()) {
                None => (inclusion(left, index)?, right),
                Some(index) => (inclusion(right, index)?, left),
            };
            proof.push(root_of(sibling));
            Some(proof)
        }
    }
}

/// Whether the proof leads from this leaf, number `index` of `size`, to the root.
pub fn verify_inclusion(leaf: Hash, index: u64, size: u64, proof: &[Hash], root: Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last) = (index, size - 1);
    let mut reached = leaf;
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            reached = Hash::of_node(*sibling, reached);
            // Where the right edge has no sibling it rises without a hash.
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            reached = Hash::of_node(reached, *sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    last == 0 && reached == root
}

/// The proof that the tree over `leaves` continues the one over its first `old_size`;
/// nothing if it was never that small or is not that large. Size 0 needs no proof, and
/// has the empty one.
pub fn consistency(leaves: &[Hash], old_size: usize) -> Option<Vec<Hash>> {
    if old_size > leaves.len() {
        return None;
    }
    Some(if old_size == 0 {
        Vec::new()
    } else {
        continued(leaves, old_size, true)
    })
}

/// RFC 6962's SUBPROOF: `known` says that the verifier has this subtree's root already.
fn continued(leaves: &[Hash], old_size: usize, known: bool) -> Vec<Hash> {
    if old_size == leaves.len() {
        return if known {
            Vec::new()
        } else {
            vec![root_of(leaves)]
        };
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut proof, sibling) = match old_size.checked_sub(left.len()) {
        None | Some(0) => (continued(left, old_size, known), right),
        Some(old_size) => (continued(right, old_size, false), left),
    };
    proof.push(root_of(sibling));
    proof
}

/// Whether the proof shows that the new tree continues the old one.
pub fn verify_consistency(
    old_size: u64,
    old_root: Hash,
    new_size: u64,
    new_root: Hash,
    proof: &[Hash],
) -> bool {
    if old_size == 0 {
        return proof.is_empty() && old_root == Hash::of(b"");
    }
    if old_size >= new_size {
        return old_size == new_size && proof.is_empty() && old_root == new_root;
    }
    let (mut node, mut last) = (old_size - 1, new_size - 1);
    while node & 1 == 1 {
        (node, last) = (node >> 1, last >> 1);
    }
    // A whole power of two is itself the first step, and is left out of the proof.
    let mut steps = proof.iter();
    let first = if node == 0 {
        Some(&old_root)
    } else {
        steps.next()
    };
    let Some(&first) = first else { return false };
    let (mut old, mut new) = (first, first);
    for step in steps {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            old = Hash::of_node(*step, old);
            new = Hash::of_node(*step, new);
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            new = Hash::of_node(new, *step);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    last == 0 && old == old_root && new == new_root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::Head;

    fn leaves(count: usize) -> Vec<Hash> {
        (0..count)
            .map(|number| Hash::of_leaf(format!("entry {number}").as_bytes()))
            .collect()
    }

    /// The vectors that certificate-transparency implementations share: eight leaves.
    #[test]
    fn roots_are_those_of_rfc_6962() {
        let inputs: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let leaves: Vec<Hash> = inputs.map(Hash::of_leaf).to_vec();
        let check = |size: usize, root: &str| {
            assert_eq!(root_of(&leaves[..size]).to_string(), root, "size {size}");
        };
        check(
            0,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        );
        check(
            1,
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        );
        check(
            2,
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        );
        check(
            3,
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        );
        check(
            4,
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        );
        check(
            5,
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        );
        check(
            6,
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        );
        check(
            7,
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        );
        check(
            8,
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        );
    }

    #[test]
    fn the_head_has_the_root_of_the_whole_tree() {
        let mut head = Head::empty();
        for count in 0..70 {
            assert_eq!(head.root(), root_of(&leaves(count)));
            assert_eq!(Head::from_bytes(&head.to_bytes()), Ok(head.clone()));
            head.replay(&format!("entry {count}"));
        }
    }

    #[test]
    fn every_leaf_is_proved_and_no_other() {
        for size in 1..18 {
            let leaves = leaves(size);
            let root = root_of(&leaves);
            for index in 0..size {
                let proof = inclusion(&leaves, index).expect("the leaf is there");
                for (other, leaf) in leaves.iter().enumerate() {
                    for at in 0..size + 2 {
                        let holds = verify_inclusion(*leaf, at as u64, size as u64, &proof, root);
                        assert_eq!(holds, other == index && at == index, "{size} {index} {at}");
                    }
                }
                let longer = [proof.as_slice(), &[root]].concat();
                assert!(!verify_inclusion(
                    leaves[index],
                    index as u64,
                    size as u64,
                    &longer,
                    root
                ));
                if let Some((_, shorter)) = proof.split_last() {
                    assert!(!verify_inclusion(
                        leaves[index],
                        index as u64,
                        size as u64,
                        shorter,
                        root
                    ));
                }
            }
            assert_eq!(inclusion(&leaves, size), None);
        }
    }

    #[test]
    fn every_earlier_size_is_proved_and_no_other_root() {
        for size in 0..40 {
            let leaves = leaves(size);
            let root = root_of(&leaves);
            for old_size in 0..=size {
                let old_root = root_of(&leaves[..old_size]);
                let proof = consistency(&leaves, old_size).expect("it was that small once");
                let holds = |old_size: usize, old_root, size: usize, root, proof: &[Hash]| {
                    verify_consistency(old_size as u64, old_root, size as u64, root, proof)
                };
                assert!(
                    holds(old_size, old_root, size, root, &proof),
                    "{old_size} of {size}"
                );
                assert!(!holds(old_size, Hash::ZERO, size, root, &proof));
                let longer = [proof.as_slice(), &[root]].concat();
                assert!(!holds(old_size, old_root, size, root, &longer));
                if old_size > 0 {
                    assert!(!holds(old_size, old_root, size, Hash::ZERO, &proof));
                    assert!(!holds(size + 1, old_root, size, root, &proof));
                }
                if let Some((_, shorter)) = proof.split_last() {
                    assert!(!holds(old_size, old_root, size, root, shorter));
                }
            }
            assert_eq!(consistency(&leaves, size + 1), None);
        }
    }
}
