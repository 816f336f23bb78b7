use super::*;

#[test]
fn keys_are_unique_and_every_parameter_knows_its_control() {
    for control in catalogue() {
        assert_eq!(super::control(control.key), Some(*control));
        for param in control.params {
            assert_eq!(param.control().key, control.key);
        }
    }
}
