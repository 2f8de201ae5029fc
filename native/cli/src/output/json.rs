//! Objects as JSON, one a line. Strings are escaped as in the lines of a scan: safe to display as well.

use aether_core::lines::json::{base64, escape};

/// An object that is being written.
#[derive(Default)]
pub struct Object {
    bytes: Vec<u8>,
}

/// What a member may be.
pub enum Value {
    Null,
    Bool(bool),
    Number(i128),
    Text(String),
    Object(Object),
    List(Vec<Value>),
}

impl Object {
    /// Adds a member.
    pub fn set(mut self, name: &str, value: impl Into<Value>) -> Object {
        self.name(name);
        write(value.into(), &mut self.bytes);
        self
    }

    /// Adds the member that names a path: `name`, or `name_base64` where it is not UTF-8.
    pub fn path(mut self, name: &str, path: &[u8]) -> Object {
        let start = self.bytes.len();
        self.name(name);
        self.bytes.push(b'"');
        if !escape(path, &mut self.bytes) {
            self.bytes.truncate(start);
            self.name(&format!("{name}_base64"));
            self.bytes.push(b'"');
            base64(path, &mut self.bytes);
        }
        self.bytes.push(b'"');
        self
    }

    /// Adds the members of another.
    pub fn with(mut self, other: Object) -> Object {
        if !self.bytes.is_empty() && !other.bytes.is_empty() {
            self.bytes.push(b',');
        }
        self.bytes.extend_from_slice(&other.bytes);
        self
    }

    /// Adds a member where there is a value.
    pub fn maybe(self, name: &str, value: Option<impl Into<Value>>) -> Object {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// Appends it as a line.
    pub fn line(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        out.extend_from_slice(&self.bytes);
        out.extend_from_slice(b"}\n");
    }

    fn name(&mut self, name: &str) {
        if !self.bytes.is_empty() {
            self.bytes.push(b',');
        }
        self.bytes
            .extend_from_slice(format!("\"{name}\":").as_bytes());
    }
}

fn write(value: Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
        Value::Number(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Value::Text(text) => {
            out.push(b'"');
            escape(text.as_bytes(), out);
            out.push(b'"');
        }
        Value::Object(object) => {
            out.push(b'{');
            out.extend_from_slice(&object.bytes);
            out.push(b'}');
        }
        Value::List(values) => {
            out.push(b'[');
            for (at, value) in values.into_iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(value, out);
            }
            out.push(b']');
        }
    }
}

macro_rules! into_value {
    ($($type:ty: |$value:ident| $into:expr;)+) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Value {
                $into
            }
        })+
    };
}

into_value! {
    bool: |value| Value::Bool(value);
    i64: |value| Value::Number(value.into());
    u64: |value| Value::Number(value.into());
    u32: |value| Value::Number(value.into());
    i32: |value| Value::Number(value.into());
    usize: |value| Value::Number(value as i128);
    &str: |value| Value::Text(value.to_owned());
    String: |value| Value::Text(value);
    Object: |value| Value::Object(value);
    Vec<Value>: |value| Value::List(value);
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_strings_are_escaped() {
        let inner = Object::default().set("c", "\"\n\u{9b}\u{202e}");
        let list = vec![Value::from(1_i64), Value::Null, Value::from(true)];
        let object = Object::default().set("a", list).set("b", inner);
        let object = object.path("p", b"x").path("q", b"\xff");
        let mut out = Vec::new();
        object.line(&mut out);
        let text = String::from_utf8(out).unwrap();
        let expected = "{\"a\":[1,null,true],\"b\":{\"c\":\"\\\"\\n\\u009b\\u202e\"},\"p\":\"x\",\"q_base64\":\"/w==\"}\n";
        assert_eq!(text, expected);
        serde_json::from_str::<serde_json::Value>(&text).unwrap();
    }
}
